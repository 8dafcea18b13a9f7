package org.voxbench.workflows.logs;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.slf4j.Logger;

/**
 * Sets Logback up, which finds it as a service: quicker than by a file, since every command waits
 * for it. A file that {@code -Dlogback.configurationFile} names goes first.
 *
 * <p>Standard output belongs to results; what is logged goes to standard error.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogConfiguration extends ContextAwareBase implements Configurator {

  static final String CONSOLE = "STDERR";

  private static final List<String> QUIET =
      List.of("org.apache.camel", "ai.djl", "org.flywaydb", "org.mlflow", "org.eclipse.jetty");

  /** Called by Logback. */
  public LogConfiguration() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty("logback.configurationFile") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    Level level = Level.toLevel(System.getenv("VOXBENCH_LOG"), Level.WARN);
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setName(CONSOLE);
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder(context, Logs.format()));
    ThresholdFilter threshold = new ThresholdFilter();
    threshold.setContext(context);
    threshold.setLevel(level.toString());
    threshold.start();
    console.addFilter(threshold);
    console.start();
    // What runs keep in their own files is more than the terminal shows.
    context
        .getLogger("org.voxbench")
        .setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.INFO : level);
    QUIET.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(console);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  static Encoder<ILoggingEvent> encoder(LoggerContext context, Logs.Format format) {
    Encoder<ILoggingEvent> encoder = format == Logs.Format.JSON ? new JsonLines() : text(context);
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    TextLines layout = new TextLines();
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setLayout(layout);
    return encoder;
  }
}
