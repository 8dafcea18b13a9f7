package org.voxbench.workflows.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.Resources;
import org.voxbench.steps.TransientStepException;
import org.voxbench.workflows.logs.Logs;
import org.voxbench.workflows.run.AttemptFolder.Result;

/**
 * Works in a process of its own: a native crash cannot take the coordinator down, and the allocator
 * settings hold from its first instruction. The worker's standard input stays open as long as the
 * coordinator lives; its end tells the worker that it is an orphan until another one attends to it.
 */
public final class ProcessExecutor implements Executor {

  private static final long LOOK_EVERY_MILLIS = 200;
  private static final int LAST_LINES = 12;
  private static final int LAST_BYTES = 1 << 14;

  /** So little room that a worker may not have been able to say its last word. */
  private static final long SCARCE_MEBIBYTES = 4;

  private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

  private final String mainClass;
  private final Path natives;
  private final Stops stops;
  private final Duration grace;

  /**
   * @param mainClass the class whose {@code work FOLDER} command runs a worker
   * @param natives where libtorch is unpacked
   * @param stops passed on to the workers as a signal to save and end
   * @param grace how long a worker may take to save before it is killed
   */
  public ProcessExecutor(String mainClass, Path natives, Stops stops, Duration grace) {
    this.mainClass = mainClass;
    this.natives = natives;
    this.stops = stops;
    this.grace = grace;
  }

  @Override
  public @Nullable Result execute(AttemptFolder folder, Watch watch) throws IOException {
    return await(start(folder).toHandle(), folder, watch);
  }

  @Override
  public @Nullable Result attend(AttemptFolder folder, Watch watch) throws IOException {
    ProcessHandle process = WorkerProcess.find(folder);
    if (process != null) {
      return await(process, folder, watch);
    }
    boolean unused = watch.look();
    return folder.readResult();
  }

  @Override
  public boolean alive(AttemptFolder folder) throws IOException {
    return WorkerProcess.find(folder) != null;
  }

  private @Nullable Result await(ProcessHandle process, AttemptFolder folder, Watch watch)
      throws IOException {
    String run = folder.readRequest().run();
    CompletableFuture<ProcessHandle> exit = process.onExit();
    long asked = 0;
    boolean wanted = true;
    while (!ended(exit, process)) {
      wanted = look(watch, process) && wanted;
      if (!wanted || stops.requested(run)) {
        if (asked == 0) {
          asked = System.nanoTime();
          process.destroy();
        } else if (System.nanoTime() - asked > grace.toNanos()) {
          process.destroyForcibly();
        }
      }
    }
    boolean unused = watch.look();
    return folder.readResult();
  }

  /** Who cannot attend to a worker any more ends it: nobody else may work beside it. */
  private boolean look(Watch watch, ProcessHandle process) throws IOException {
    try {
      return watch.look();
    } catch (IOException | RuntimeException e) {
      process.destroy();
      try {
        process.onExit().orTimeout(grace.toMillis(), TimeUnit.MILLISECONDS).join();
      } catch (CompletionException late) {
        process.destroyForcibly();
        process.onExit().join();
      }
      throw e;
    }
  }

  private static boolean ended(CompletableFuture<ProcessHandle> exit, ProcessHandle process) {
    try {
      exit.get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for a process cannot fail", e);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted while a worker ran", e));
    }
  }

  private Process start(AttemptFolder folder) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(folder));
    builder.environment().putAll(Worker.environment(natives));
    builder.environment().put("OMP_NUM_THREADS", threads(folder));
    visible(folder.slot()).ifPresent(gpu -> builder.environment().put(VISIBLE, gpu));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()));
    try {
      Process process = builder.start();
      folder.write(WorkerProcess.of(process.toHandle()));
      return process;
    } catch (IOException e) {
      throw new TransientStepException("cannot start a worker process: " + e.getMessage(), e);
    }
  }

  /** What CUDA shall see: the GPU of the slot; of a step on the processors it is not said. */
  static Optional<String> visible(String slot) {
    return slot.startsWith("cuda/")
        ? Optional.of(slot.substring("cuda/".length()))
        : Optional.empty();
  }

  private List<String> command(AttemptFolder folder) throws IOException {
    Resources resources = folder.readRequest().resources();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Half for Java's heap, half for what libtorch allocates beside it.
    command.add("-Xmx" + Math.max(256, (resources.memoryBytes() >> 20) / 2) + "m");
    command.add("-XX:ErrorFile=" + crash(folder));
    command.add("-Dai.djl.offline=true");
    command.add(Logs.option());
    String archive = System.getProperty("voxbench.archive");
    if (archive != null) {
      // The launcher's: classes as the JVM wants them in memory. One that does not fit is ignored.
      command.addAll(List.of("-Xlog:disable", "-XX:SharedArchiveFile=" + archive));
    }
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

  @Override
  public String epitaph(AttemptFolder folder) throws IOException {
    String last = lastLines(folder.log());
    Path crash = crash(folder);
    long free = folder.root().toFile().getUsableSpace() >> 20;
    return "the worker process died without a result ("
        + (Files.exists(crash) ? "crashed, see " + crash : "killed, or out of memory")
        + (free < SCARCE_MEBIBYTES ? ", or for want of room: " + free + " MiB are free" : "")
        + "); its log "
        + folder.log()
        + (last.isBlank() ? " is empty" : " ends with:\n" + last);
  }

  private static Path crash(AttemptFolder folder) {
    return folder.root().resolve("crash.log");
  }

  // Native libraries write what they like, and as much.
  private static String lastLines(Path log) throws IOException {
    if (!Files.exists(log)) {
      return "";
    }
    try (FileChannel channel = FileChannel.open(log)) {
      ByteBuffer end = ByteBuffer.allocate(LAST_BYTES);
      channel.position(Math.max(0, channel.size() - LAST_BYTES));
      while (end.hasRemaining() && channel.read(end) >= 0) {}
      List<String> lines =
          new String(end.array(), 0, end.position(), StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
  }
}
