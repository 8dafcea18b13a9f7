package org.voxbench.workflows.logs;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.voxbench.steps.StepName;

/** The logging of this process. */
public final class Logs {

  static final String RUN = "run";
  static final String STEP = "step";
  static final String ATTEMPT = "attempt";
  static final List<String> KEYS = List.of(RUN, STEP, ATTEMPT);

  private static final String FORMAT = "voxbench.log.format";

  private Logs() {}

  /** The form of the lines on standard error. */
  public enum Format {
    /** For people. */
    TEXT,
    /** One JSON object a line. */
    JSON
  }

  /** As the system property or the variable VOXBENCH_LOG_FORMAT says; text where none does. */
  public static Format format() {
    String variable = System.getenv("VOXBENCH_LOG_FORMAT");
    String said = System.getProperty(FORMAT, variable == null ? "" : variable);
    return said.toLowerCase(Locale.ROOT).equals("json") ? Format.JSON : Format.TEXT;
  }

  /** The JVM option by which a worker logs as this process does. */
  public static String option() {
    return "-D" + FORMAT + "=" + format().name().toLowerCase(Locale.ROOT);
  }

  /** Has standard error have another form from now on, also that of the workers started. */
  public static void use(Format format) {
    System.setProperty(FORMAT, format.name());
    LoggerContext context = context();
    Appender<ILoggingEvent> appender = root().getAppender(LogConfiguration.CONSOLE);
    if (context != null && appender instanceof ConsoleAppender<ILoggingEvent> console) {
      console.setEncoder(LogConfiguration.encoder(context, format));
    }
  }

  /**
   * Keeps what is logged about runs in a file of each, whatever the terminal shows.
   *
   * @param files the log file of a run by its id
   * @return ends it
   */
  public static Closeable keep(Function<String, Path> files) {
    RunFile appender = new RunFile(files);
    appender.setContext(context());
    appender.start();
    root().addAppender(appender);
    return () -> {
      root().detachAppender(appender);
      appender.stop();
    };
  }

  /** All that this process logs is about one attempt: it is its worker. */
  public static void worker(String run, StepName step, int attempt) {
    LoggerContext context = context();
    context.putProperty(RUN, run);
    context.putProperty(STEP, step.key());
    context.putProperty(ATTEMPT, Integer.toString(attempt));
  }

  /** What this thread logs from now on is about a step of a run. */
  public static void begin(String run, StepName step) {
    MDC.put(RUN, run);
    MDC.put(STEP, step.key());
  }

  /** What this thread logs from now on is about one attempt of the step. */
  public static void attempt(int number) {
    MDC.put(ATTEMPT, Integer.toString(number));
  }

  /** What this thread logs from now on is about no run. */
  public static void end() {
    KEYS.forEach(MDC::remove);
  }

  /** What the work logs is about a run. */
  public static void about(String run, Runnable work) {
    @Nullable String before = MDC.get(RUN);
    MDC.put(RUN, run);
    try {
      work.run();
    } finally {
      if (before == null) {
        MDC.remove(RUN);
      } else {
        MDC.put(RUN, before);
      }
    }
  }

  private static LoggerContext context() {
    return (LoggerContext) LoggerFactory.getILoggerFactory();
  }

  private static ch.qos.logback.classic.Logger root() {
    return context().getLogger(Logger.ROOT_LOGGER_NAME);
  }
}
