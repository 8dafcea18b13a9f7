package org.voxbench.steps.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.voxbench.steps.Resources;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.dataset.SplitConfig;

/** A finished evaluation of three small cases: a perfect one, a shifted one, a lost one. */
public final class EvaluatedBoxes {

  private final Path home;
  private final SmallDataset dataset;

  public EvaluatedBoxes(Path home) throws IOException {
    this.home = home;
    dataset =
        new SmallDataset(home)
            .add("good", SmallDataset.boxes(0), SmallDataset.boxes(0))
            .add("lost", SmallDataset.boxes(0), new float[0])
            .add("shifted", SmallDataset.boxes(0), SmallDataset.boxes(2))
            .publish();
    Evaluate.Request request =
        new Evaluate.Request(
            SmallDataset.LABELS,
            List.of(),
            Map.of(),
            new SplitConfig.Same(),
            null,
            new EvaluateConfig(0.5, false, 1, "auto"));
    new Evaluate((context, config) -> new SmallDataset.OneHot())
        .run(request, context(home.resolve("evaluate")));
  }

  /** What the report step is given. */
  public StepContext contextForReport(Path output) throws IOException {
    return context(output);
  }

  private StepContext context(Path output) throws IOException {
    return new StepContext(
        Map.of(
            StepName.DOWNLOAD,
            dataset.raw,
            StepName.PREPROCESS,
            dataset.prepared,
            StepName.TRAIN,
            home.resolve("train"),
            StepName.CHECKPOINT,
            home,
            StepName.EVALUATE,
            home.resolve("evaluate")),
        Files.createDirectories(output),
        Optional.empty(),
        new Silent(),
        () -> false,
        new Resources(1, 1L << 30, "cpu"));
  }

  private static final class Silent implements RunListener {

    @Override
    public void metric(String key, double value, long step) {}

    @Override
    public void progress(String task, long done, long total) {}

    @Override
    public void note(String sentence) {}
  }
}
