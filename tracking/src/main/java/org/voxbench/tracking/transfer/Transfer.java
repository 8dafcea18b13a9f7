package org.voxbench.tracking.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.MlflowServer;
import org.voxbench.tracking.TrackingException;
import org.voxbench.tracking.TrackingRefusedException;

/**
 * Copies experiments with all they hold from one tracking server to another: runs with parameters,
 * tags, every point of every curve, datasets and artifacts; logged models; registered models with
 * their versions and aliases. It may end at any moment and be made again: what is there is found by
 * tags and left alone, what is missing is added, and nothing is ever deleted or doubled.
 */
public final class Transfer {

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final Side from;
  private final Side to;
  private final Path notes;
  private final Duration patience;

  /**
   * A transfer between two servers.
   *
   * @param notes folder for notes on what is under way and for one artifact at a time
   * @param patience how long a server may fail before the transfer gives up
   */
  public Transfer(Side from, Side to, Path notes, Duration patience) {
    this.from = from;
    this.to = to;
    this.notes = notes;
    this.patience = patience;
  }

  /** A server. */
  public record Side(URI uri, Credentials credentials) {}

  /**
   * What to copy.
   *
   * @param experiments names; empty for all that are not deleted
   * @param deleted also runs that were deleted; they are deleted there, too
   * @param verify compares also what is marked as copied wholly
   */
  public record Request(List<String> experiments, boolean deleted, boolean verify) {

    public Request {
      experiments = List.copyOf(experiments);
    }
  }

  /**
   * How far it is.
   *
   * @param seconds that the rest may take, NaN before the first run
   * @param doing what is copied at the moment, or empty
   */
  public record Progress(
      long runs, long ofRuns, long points, long bytes, double seconds, String doing) {}

  /** Numbers of one kind of thing. */
  public record Count(String what, long copied, long there, long refused) {}

  /** Something that was not copied, and why. */
  public record Refused(String kind, String what, String why) {}

  /**
   * What came of it.
   *
   * @param ended empty when all was gone through, else why it ended before
   */
  public record Summary(List<Count> counts, List<Refused> refused, String ended) {

    public Summary {
      counts = List.copyOf(counts);
      refused = List.copyOf(refused);
    }

    /** Whether all that was asked for is on the other side now. */
    public boolean isComplete() {
      return ended.isEmpty() && refused.isEmpty();
    }
  }

  /**
   * Copies.
   *
   * @param stop asked often; true ends the transfer at the next safe point
   * @throws IllegalArgumentException if an experiment is named that is not there
   * @throws IllegalStateException if another transfer uses the same notes
   * @throws IOException if the notes or an artifact on its way cannot be written
   */
  public Summary copy(Request request, Consumer<Progress> listener, BooleanSupplier stop)
      throws IOException {
    Files.createDirectories(notes);
    try (FileChannel lock =
            FileChannel.open(
                notes.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = locked(lock);
        Peer here = peer(from, stop);
        Peer there = peer(to, stop)) {
      assert held.isValid();
      deleteLeftovers();
      Both both = Both.of(here, there, new Meter(listener), notes);
      String ended = "";
      try {
        ended = greeted(here, from) + greeted(there, to);
        if (ended.isEmpty()) {
          all(both, request);
        }
      } catch (StoppedException stopped) {
        ended = "stopped on request";
      } catch (TrackingException failed) {
        ended = String.valueOf(failed.getMessage());
      }
      return new Summary(both.tally().counts(), both.tally().reasons(), ended);
    }
  }

  /** Empty where the server answers. */
  private static String greeted(Peer peer, Side side) {
    try {
      peer.greet();
      return "";
    } catch (TrackingException silent) {
      return "no MLflow server answers at " + side.uri() + " (" + silent.getMessage() + ")";
    }
  }

  private FileLock locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException samePlace) {
      throw busy();
    }
    throw busy();
  }

  private IllegalStateException busy() {
    return new IllegalStateException(
        "another import or export is under way (" + notes + "): wait for it or stop it");
  }

  private void deleteLeftovers() throws IOException {
    try (var left = Files.newDirectoryStream(notes, "artifact*.part")) {
      for (Path part : left) {
        Files.delete(part);
      }
    }
  }

  private Peer peer(Side side, BooleanSupplier stop) {
    Path uploads = notes.resolve("uploads");
    return new Peer(
        new MlflowServer(side.uri(), side.credentials(), DEADLINE, uploads), patience, stop);
  }

  private static void all(Both both, Request request) throws TrackingException, IOException {
    ExperimentCopy experiments = new ExperimentCopy(both, request);
    List<ExperimentCopy.Plan> plans = new ArrayList<>();
    for (JsonNode experiment : chosen(both.from(), request)) {
      experiments.plan(experiment).ifPresent(plans::add);
    }
    plans.forEach(plan -> both.meter().expect(plan.runs().size()));
    for (ExperimentCopy.Plan plan : plans) {
      runs(both, plan, request.verify());
    }
    new RegistryCopy(both, request.experiments().isEmpty()).copy();
    both.meter().tellNow("");
  }

  /** All runs are made before one is filled, since a run may name another as its parent. */
  private static void runs(Both both, ExperimentCopy.Plan plan, boolean verify)
      throws TrackingException, IOException {
    RunCopy copy = new RunCopy(both);
    List<ExperimentCopy.RunPlan> made = new ArrayList<>();
    for (ExperimentCopy.RunPlan run : plan.runs()) {
      both.meter().tell("making the runs of " + plan.name());
      if (copy.make(plan, run)) {
        made.add(run);
      }
    }
    new ModelCopy(both, verify).copy(plan);
    for (ExperimentCopy.RunPlan run : made) {
      try {
        copy.fill(run);
      } catch (TrackingRefusedException refused) {
        both.tally().refused(Kind.RUN, run.from(), String.valueOf(refused.getMessage()));
      }
    }
  }

  private static List<JsonNode> chosen(Peer from, Request request) throws TrackingException {
    List<JsonNode> experiments = new ArrayList<>();
    ObjectNode body = Peer.JSON.createObjectNode().put("max_results", 1000);
    from.pages(
        "experiments/search",
        body.put("view_type", "ACTIVE_ONLY"),
        "experiments",
        experiments::add);
    if (request.experiments().isEmpty()) {
      return experiments;
    }
    Set<String> missing = new TreeSet<>(request.experiments());
    experiments.forEach(one -> missing.remove(one.path("name").asText()));
    if (!missing.isEmpty()) {
      List<String> known = experiments.stream().map(one -> one.path("name").asText()).toList();
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "--experiment: expected names of experiments but there is no %s; there are %s",
              missing,
              known));
    }
    experiments.removeIf(one -> !request.experiments().contains(one.path("name").asText()));
    return experiments;
  }
}
