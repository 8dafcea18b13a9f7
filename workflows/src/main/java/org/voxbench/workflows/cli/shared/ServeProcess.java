package org.voxbench.workflows.cli.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.check.ServerMemory;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.coordinator.CoordinatorAddress;
import org.voxbench.workflows.web.AccessToken;

/** A {@code voxbench serve} in a process and a new home folder of its own, for trials of it. */
public final class ServeProcess implements AutoCloseable {

  private static final long START_SECONDS = 120;
  private static final long SETTLE_MILLIS = 3_000;

  private final Home home;
  private final Process process;
  private final URI address;

  private ServeProcess(Home home, Process process, URI address) {
    this.home = home;
    this.process = process;
    this.address = address;
  }

  /**
   * Starts one and waits until it answers.
   *
   * @throws IOException with what it said, if it ends or does not answer within two minutes
   */
  public static ServeProcess start() throws IOException, InterruptedException {
    Home home = new Home(Files.createTempDirectory("voxbench-serve")).prepared();
    Path log = home.root().resolve("serve.log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Launcher.options());
    command.addAll(List.of(Launcher.MAIN, "serve", "--port", "0"));
    command.addAll(List.of("--home", home.root().toString()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!Files.exists(home.coordinator())) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        process.destroyForcibly();
        throw new IOException("voxbench serve did not start; it said: " + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    URI address =
        Json.MAPPER.readValue(home.coordinator().toFile(), CoordinatorAddress.class).address();
    return new ServeProcess(home, process, address);
  }

  /** Where it listens, on loopback. */
  public URI address() {
    return address;
  }

  /** What lets a client of MLflow change things there. */
  public Credentials credentials() throws IOException {
    return Credentials.bearer(AccessToken.of(home.root()).value());
  }

  /** Bytes of memory once it has settled. */
  public OptionalLong memory() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(SETTLE_MILLIS);
    return ServerMemory.bytes(process.toHandle());
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      process.onExit().orTimeout(START_SECONDS, TimeUnit.SECONDS).join();
    } catch (CompletionException late) {
      process.destroyForcibly().onExit().join();
    }
    try (Stream<Path> files = Files.walk(home.root())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException gone) {
      throw gone.getCause();
    }
  }
}
