package org.voxbench.steps.download;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.voxbench.steps.FullDisk;
import org.voxbench.steps.Step;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StepName;
import org.voxbench.steps.StepResult;
import org.voxbench.steps.dataset.RawDataset;

/**
 * The first step: a dataset in the published raw layout, {@code
 * DATASET_X/unetr_pp_raw/unetr_pp_raw_data/TaskNN_X}, from whichever source the request names.
 */
public final class Download implements Step<Download.Request> {

  /**
   * What to bring.
   *
   * @param name the dataset's name
   * @param modalities image channels in order
   * @param labels foreground class names by voxel value; must agree with what the source says
   * @param source where it comes from
   */
  public record Request(
      String name, List<String> modalities, Map<Integer, String> labels, Source source) {

    public Request {
      modalities = List.copyOf(modalities);
      labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }
  }

  @Override
  public StepName name() {
    return StepName.DOWNLOAD;
  }

  @Override
  public int version() {
    return 3;
  }

  @Override
  public Class<Request> requestType() {
    return Request.class;
  }

  @Override
  public Set<StepName> inputs() {
    return Set.of();
  }

  /** A folder's path; a manual source's too, once somebody has put the data there. */
  @Override
  public List<Path> externalInputs(Request request) {
    if (request.source() instanceof Source.Folder folder) {
      return List.of(Path.of(folder.path()));
    }
    if (request.source() instanceof Source.Manual manual && Files.exists(Path.of(manual.path()))) {
      return List.of(Path.of(manual.path()));
    }
    return List.of();
  }

  @Override
  public StepResult run(Request request, StepContext context) throws IOException {
    return FullDisk.explained(name(), context, () -> work(request, context));
  }

  private StepResult work(Request request, StepContext context) throws IOException {
    if (request.source() instanceof Source.Phantom phantom) {
      PhantomSource.write(phantom, request, context);
    } else if (request.source() instanceof Source.Folder folder) {
      FolderSource.bring(Path.of(folder.path()), request, context);
    } else if (request.source() instanceof Source.Manual manual) {
      ManualSource.bring(manual, request, context);
    } else if (request.source() instanceof Source.Https https) {
      HttpsSource.bring(https, request, context);
    }
    return described(context);
  }

  private static StepResult described(StepContext context) throws IOException {
    RawDataset dataset = RawDataset.open(context.output());
    dataset.remarks().forEach(context.listener()::note);
    Path json = dataset.folder().resolve("dataset.json");
    Path output = context.output().toAbsolutePath().normalize();
    return new StepResult(
        Map.of(
            "download.training", (double) dataset.training().size(),
            "download.test", (double) dataset.test().size()),
        List.of(output.relativize(json).toString().replace('\\', '/')));
  }
}
