package org.voxbench.workflows.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.voxbench.steps.FullDisk;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.Step;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.StepStoppedException;
import org.voxbench.steps.StopSignal;
import org.voxbench.steps.TransientStepException;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.run.AttemptFolder.Ending;
import org.voxbench.workflows.run.AttemptFolder.Request;
import org.voxbench.workflows.run.AttemptFolder.Result;

/**
 * Works on one attempt: reads its folder, writes only there, needs neither network nor database.
 */
public final class Worker {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private static final String NATIVES = "ENGINE_CACHE_DIR";

  /** How libtorch computes fast in a process; docs/benchmarks.md has the figures. */
  private static final Map<String, String> COMPUTING =
      Map.of(
          // glibc otherwise returns every large tensor to the kernel and faults it in again,
          "MALLOC_MMAP_THRESHOLD_",
          "4294967296",
          "MALLOC_TRIM_THRESHOLD_",
          "17179869184",
          // and in an arena of its own, such as Java's main thread would get, in any case.
          "MALLOC_ARENA_MAX",
          "1",
          // Caches of small chunks keep large ones from merging: a fifth more memory.
          "GLIBC_TUNABLES",
          "glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0",
          // Threads that wait by spinning take the processor from those they wait for.
          "OMP_WAIT_POLICY",
          "passive");

  private final StepCatalogue steps;
  private final InstantSource clock;

  public Worker(StepCatalogue steps, InstantSource clock) {
    this.steps = steps;
    this.clock = clock;
  }

  /** Does the work and writes {@code result.json}, however it ends. */
  public Result work(AttemptFolder folder, StopSignal stop) throws IOException {
    Request request = folder.readRequest();
    Result result = result(folder, request, stop);
    folder.write(result);
    return result;
  }

  private Result result(AttemptFolder folder, Request request, StopSignal stop) {
    try (EventLog events = new EventLog(folder.events(), clock)) {
      carryOver(request, events);
      return attempt(folder, request, events, stop);
    } catch (IOException | UncheckedIOException e) {
      return ended(Ending.PERMANENT_FAILURE, e);
    }
  }

  /** The curves of an interrupted attempt are part of the one that goes on from it. */
  private static void carryOver(Request request, EventLog events) throws IOException {
    Path earlier = request.folders().earlier();
    if (earlier != null) {
      EventTail tail = new EventTail(earlier.resolveSibling(AttemptFolder.EVENTS), 0);
      for (List<Event> known = tail.next(); !known.isEmpty(); known = tail.next()) {
        known.stream().filter(event -> event instanceof Event.Metric).forEach(events::append);
      }
    }
  }

  private Result attempt(AttemptFolder folder, Request request, EventLog events, StopSignal stop) {
    StepContext context =
        new StepContext(
            request.folders().inputs(),
            folder.output(),
            Optional.ofNullable(request.folders().earlier()),
            events,
            stop,
            Optional.of(request.folders().shared()),
            request.resources());
    try {
      Step<?> step = steps.step(request.step());
      StepResult result =
          FullDisk.explained(
              request.step(),
              context,
              () -> {
                StepResult made = run(step, request.request(), context);
                publishable(folder, request, made);
                return made;
              });
      return new Result(Ending.SUCCEEDED, null, result.metrics(), result.artifacts());
    } catch (StepStoppedException e) {
      return ended(Ending.STOPPED, e);
    } catch (TransientStepException e) {
      return ended(Ending.TRANSIENT_FAILURE, e);
    } catch (PermanentStepException e) {
      return ended(Ending.PERMANENT_FAILURE, e);
    } catch (OutOfMemoryError e) {
      return ended(
          Ending.PERMANENT_FAILURE,
          new PermanentStepException(
              "step "
                  + request.step().key()
                  + ": the worker's Java heap was exhausted. Give it more with resources.memory.",
              e));
    } catch (Exception | LinkageError e) {
      return ended(Ending.PERMANENT_FAILURE, e);
    }
  }

  private static <C> StepResult run(Step<C> step, JsonNode request, StepContext context)
      throws IOException {
    return step.run(Json.MAPPER.convertValue(request, step.requestType()), context);
  }

  private static void publishable(AttemptFolder folder, Request request, StepResult result)
      throws IOException {
    List<Manifest.Entry> files = Manifest.entries(folder.output());
    new Manifest(request.run(), request.fingerprint(), files, result.metrics(), result.artifacts())
        .write(folder.manifest());
  }

  private static Result ended(Ending ending, Throwable cause) {
    LOG.info("the attempt ended: {}", ending, cause);
    String message = cause.getMessage();
    boolean told =
        cause instanceof PermanentStepException || cause instanceof TransientStepException;
    return new Result(
        ending,
        told || cause instanceof StepStoppedException
            ? message
            : cause.getClass().getSimpleName() + (message == null ? "" : ": " + message),
        Map.of(),
        List.of());
  }

  /** Where this worker unpacks its natives: as {@link #environment} has set it. */
  public static Path natives() {
    String folder = System.getenv(NATIVES);
    return Path.of(folder == null ? System.getProperty("java.io.tmpdir") : folder);
  }

  /** The environment of a worker's process; what the user has set stays. */
  public static Map<String, String> environment(Path natives) {
    Map<String, String> environment = new HashMap<>(COMPUTING);
    environment.keySet().removeAll(System.getenv().keySet());
    environment.put("DJL_CACHE_DIR", natives.toString());
    environment.put(NATIVES, natives.toString());
    environment.put("OPT_OUT_TRACKING", "true");
    return environment;
  }
}
