package org.voxbench.workflows.shipping;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.voxbench.steps.StepName;
import org.voxbench.tracking.TrackedRun;
import org.voxbench.tracking.TrackingException;
import org.voxbench.tracking.TrackingRefusedException;
import org.voxbench.workflows.run.Store.Published;

/** Tells the files of a run: configuration, then what its steps hand out, weights included. */
final class FileTeller implements Teller {

  @Override
  public String suffix() {
    return "-files";
  }

  @Override
  public Told tell(RunContent content, TrackedRun tracked, Told told, Keep keep)
      throws TrackingException, IOException {
    Map<String, Path> files = new TreeMap<>(content.files());
    for (StepName step : StepName.values()) {
      Optional<Published> published = content.published(step);
      if (published.isPresent()) {
        for (String artifact : published.get().manifest().artifacts()) {
          files.put(step.key() + "/" + artifact, published.get().output().resolve(artifact));
        }
      }
    }
    for (Map.Entry<String, Path> file : files.entrySet()) {
      if (!told.artifacts().containsKey(file.getKey()) && Files.exists(file.getValue())) {
        told.artifacts().put(file.getKey(), send(file.getKey(), file.getValue(), tracked, told));
        keep.keep(told);
      }
    }
    return told.withState(RunContent.stamp(content.run()));
  }

  private static String send(String path, Path file, TrackedRun tracked, Told told)
      throws TrackingException {
    try {
      return tracked.artifact(path, file);
    } catch (TrackingRefusedException refused) {
      if (refused.isMissing()) {
        throw refused;
      }
      told.refuse("artifact " + path + ": " + refused.getMessage());
      tracked.tags(Map.of("voxbench.refused_artifacts", String.join("\n", told.refused())));
      return "refused";
    }
  }
}
