package org.voxbench.workflows.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.AtomicFiles;
import org.voxbench.steps.Resources;
import org.voxbench.steps.StepName;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;

/**
 * The folder of one attempt of one step: all that a worker reads and all that it writes. The only
 * class that knows its file names.
 *
 * <pre>
 * request.json            frozen, resolved request
 * slot                    the device slot it was given
 * worker.json             process id, start and host of the worker
 * heartbeat               touched by the worker while it lives
 * attended                touched by the coordinator while it attends to the worker
 * spare                   room that the worker set aside for its last word
 * log.txt                 what the worker printed
 * result.json             how it ended; written once, atomically
 * product/events.jsonl    metrics, progress and notes, appended
 * product/system.jsonl    how busy the machine was meanwhile, appended
 * product/environment.json  the machine and the libraries
 * product/output/         the step's output
 * product/manifest.json   the digests of that output
 * </pre>
 */
public record AttemptFolder(Path root) {

  private static final int SPARE = 64 << 10;

  static final String PREFIX = "attempt-";
  static final String EVENTS = "events.jsonl";
  static final String SYSTEM = "system.jsonl";
  static final String ENVIRONMENT = "environment.json";

  /**
   * What the worker is asked to do.
   *
   * @param run id of the run
   * @param step which step
   * @param fence number of this attempt among all of the home folder: the higher one is the owner
   * @param fingerprint what decides reuse of the output
   * @param request the step's own request
   * @param folders the folders outside the attempt's own that it may use
   * @param resources what it may use
   */
  public record Request(
      String run,
      StepName step,
      long fence,
      Fingerprint fingerprint,
      JsonNode request,
      Folders folders,
      Resources resources) {}

  /**
   * What lies outside the attempt's own folder.
   *
   * @param inputs published output folders by step, read-only
   * @param earlier output of an unfinished or damaged attempt with the same fingerprint, read-only
   * @param shared what all attempts of the step have in common; see {@link Home#shared}
   */
  public record Folders(Map<StepName, Path> inputs, @Nullable Path earlier, Path shared) {}

  /** How the attempt ended. */
  public enum Ending {
    SUCCEEDED,
    /** A later attempt may succeed unchanged. */
    TRANSIENT_FAILURE,
    /** Somebody has to mend something first. */
    PERMANENT_FAILURE,
    STOPPED
  }

  /**
   * The worker's last word.
   *
   * @param ending how it ended
   * @param message the error, or the way to go on
   * @param metrics summary figures by dotted name
   * @param artifacts files below the output for the tracking server
   */
  public record Result(
      Ending ending,
      @Nullable String message,
      Map<String, Double> metrics,
      List<String> artifacts) {}

  /** The folder of an attempt of a run's step. */
  public static AttemptFolder of(Home home, String run, StepName step, int number) {
    return new AttemptFolder(home.run(run).resolve(step.key()).resolve(PREFIX + number));
  }

  /** Counts the attempts of this step of this run, from 1. */
  public int number() {
    return Integer.parseInt(root.getFileName().toString().substring(PREFIX.length()));
  }

  public Path request() {
    return root.resolve("request.json");
  }

  public Path events() {
    return product().resolve(EVENTS);
  }

  /** How busy the machine was, as events of its own. */
  public Path system() {
    return product().resolve(SYSTEM);
  }

  /** On what the attempt was computed. */
  public Path environment() {
    return product().resolve(ENVIRONMENT);
  }

  public Path log() {
    return root.resolve("log.txt");
  }

  public Path worker() {
    return root.resolve("worker.json");
  }

  /** Touched by the worker every few seconds. */
  public Path heartbeat() {
    return root.resolve("heartbeat");
  }

  /** Touched by the coordinator every few seconds. */
  public Path attended() {
    return root.resolve("attended");
  }

  public Path product() {
    return root.resolve("product");
  }

  public Path output() {
    return product().resolve("output");
  }

  public Path manifest() {
    return product().resolve(Manifest.FILE);
  }

  private Path result() {
    return root.resolve("result.json");
  }

  /**
   * Makes the folder and freezes the request in it, with the device slot it was given. Not forced
   * to the disk: after a power cut nobody works here, and without its request the attempt is lost.
   */
  public void create(Request request, String slot) throws IOException {
    Files.createDirectories(output());
    Files.writeString(root.resolve("slot"), slot);
    Files.write(request(), Json.MAPPER.writeValueAsBytes(request));
  }

  /** The device slot of this attempt, such as {@code cuda/0}; empty when it needs none. */
  public String slot() throws IOException {
    Path file = root.resolve("slot");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  public Request readRequest() throws IOException {
    return Json.MAPPER.readValue(request().toFile(), Request.class);
  }

  /**
   * The file is forced to the disk, its name is not: without it the step goes on from its output.
   */
  public void write(Result result) throws IOException {
    byte[] json = Json.MAPPER.writeValueAsBytes(result);
    try {
      AtomicFiles.replace(result(), json);
    } catch (IOException full) {
      if (!spare().giveBack()) {
        throw full;
      }
      AtomicFiles.replace(result(), json);
    }
  }

  /** Sets room aside for the last word, which on a full disk is the most important one. */
  void setAside() {
    try {
      spare().setAside();
    } catch (IOException full) {
      // There is none; what the step itself cannot write is the better message.
    }
  }

  /** Gives it back. */
  void giveBack() throws IOException {
    boolean unused = spare().giveBack();
  }

  private Spare spare() {
    return new Spare(root.resolve("spare"), SPARE);
  }

  /** The worker's last word, or null when it has not spoken. */
  public @Nullable Result readResult() throws IOException {
    return Files.exists(result()) ? Json.MAPPER.readValue(result().toFile(), Result.class) : null;
  }

  /**
   * Leaves a mark by which a later coordinator finds the worker; no process outlives a power cut.
   */
  public void write(WorkerProcess process) throws IOException {
    Path temporary = root.resolve("worker.json.tmp");
    Files.write(temporary, Json.MAPPER.writeValueAsBytes(process));
    Files.move(temporary, worker(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The process that is or was at work here, or null when none started. */
  public @Nullable WorkerProcess readWorker() throws IOException {
    return Files.exists(worker())
        ? Json.MAPPER.readValue(worker().toFile(), WorkerProcess.class)
        : null;
  }
}
