package org.voxbench.workflows.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StopSignal;
import org.voxbench.steps.TransientStepException;
import org.voxbench.workflows.run.AttemptFolder.Ending;
import org.voxbench.workflows.run.AttemptFolder.Result;
import org.voxbench.workflows.run.AttemptFolder.WorkerProcess;

/**
 * Works in a process of its own: a native crash cannot take the coordinator down, and the allocator
 * settings hold from its first instruction. The worker's standard input stays open as long as the
 * coordinator lives; its end tells an orphan to save and stop.
 */
public final class ProcessExecutor implements Executor {

  private static final long LOOK_EVERY_MILLIS = 200;
  private static final int LAST_LINES = 12;

  private final String mainClass;
  private final Path natives;
  private final StopSignal stop;

  /**
   * @param mainClass the class whose {@code work FOLDER} command runs a worker
   * @param natives where libtorch is unpacked
   * @param stop passed on to the worker as a signal to save and end
   */
  public ProcessExecutor(String mainClass, Path natives, StopSignal stop) {
    this.mainClass = mainClass;
    this.natives = natives;
    this.stop = stop;
  }

  @Override
  public @Nullable Result execute(AttemptFolder folder, Watch watch) throws IOException {
    if (stop.requested()) {
      return stopped("stopped before it began");
    }
    Process process = start(folder);
    try {
      boolean asked = false;
      while (!process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        watch.look();
        if (stop.requested() && !asked) {
          asked = true;
          process.destroy();
        }
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted while a worker ran", e));
    }
    watch.look();
    Result result = folder.readResult();
    // Ctrl-C reaches a worker too, and may do so before it listens: that is no crash to try again.
    return result == null && stop.requested() ? stopped("stopped as it began") : result;
  }

  private static Result stopped(String message) {
    return new Result(Ending.STOPPED, message, Map.of(), List.of());
  }

  private Process start(AttemptFolder folder) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(folder));
    builder.environment().putAll(Worker.environment(natives));
    builder.environment().put("OMP_NUM_THREADS", threads(folder));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()));
    try {
      Process process = builder.start();
      folder.write(mark(process.toHandle()));
      return process;
    } catch (IOException e) {
      throw new TransientStepException("cannot start a worker process: " + e.getMessage(), e);
    }
  }

  private List<String> command(AttemptFolder folder) throws IOException {
    Resources resources = folder.readRequest().resources();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Half for Java's heap, half for what libtorch allocates beside it.
    command.add("-Xmx" + Math.max(256, (resources.memoryBytes() >> 20) / 2) + "m");
    command.add("-Dai.djl.offline=true");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.add("work");
    command.add(folder.root().toString());
    return command;
  }

  private static String threads(AttemptFolder folder) throws IOException {
    return Integer.toString(folder.readRequest().resources().threads());
  }

  static WorkerProcess mark(ProcessHandle process) {
    long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return new WorkerProcess(process.pid(), start);
  }

  /** The worker's process where it still lives, as after a coordinator's death. */
  static @Nullable ProcessHandle alive(AttemptFolder folder) throws IOException {
    WorkerProcess known = folder.readWorker();
    return known == null
        ? null
        : ProcessHandle.of(known.pid()).filter(p -> mark(p).equals(known)).orElse(null);
  }

  @Override
  public String epitaph(AttemptFolder folder) throws IOException {
    String last = lastLines(folder.log());
    return "the worker process died without a result (killed, or out of memory); its log "
        + folder.log()
        + (last.isBlank() ? " is empty" : " ends with:\n" + last);
  }

  private static String lastLines(Path log) throws IOException {
    if (!Files.exists(log)) {
      return "";
    }
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }
}
