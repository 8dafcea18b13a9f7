package org.voxbench.steps.download;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.voxbench.steps.PermanentStepException;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.dataset.Origins;
import org.voxbench.steps.dataset.RawCase;
import org.voxbench.steps.dataset.RawDataset;

/**
 * Brings a dataset that lies on this machine, as a folder or as archives, into the published
 * layout.
 */
final class FolderSource {

  /** Below the step's output while it works; removed at the end. */
  static final String UNPACKED = "unpacked";

  private static final Pattern NUMBERED = Pattern.compile("(?:Task|Dataset0?)([0-9]{2})_(.+)");

  private final Download.Request request;
  private final StepContext context;
  private final SortedMap<String, String> origins = new TreeMap<>();

  private FolderSource(Download.Request request, StepContext context) {
    this.request = request;
    this.context = context;
  }

  static void bring(Path path, Download.Request request, StepContext context) throws IOException {
    require(path);
    new FolderSource(request, context).bring(path);
  }

  static void require(Path path) {
    if (!Files.exists(path)) {
      throw new PermanentStepException(
          "dataset.source.path: "
              + path
              + " does not exist; expected a folder that holds the dataset, or its archive");
    }
  }

  private void bring(Path path) throws IOException {
    List<Path> archives = archivesIn(path);
    if (archives.isEmpty()) {
      importFrom(RawDataset.open(path), false);
      return;
    }
    Path unpacked = context.output().resolve(UNPACKED);
    Trees.delete(unpacked);
    Files.createDirectories(unpacked);
    unpack(archives, unpacked, context);
    importFrom(RawDataset.open(unpacked), true);
    Trees.delete(unpacked);
  }

  static void unpack(List<Path> archives, Path folder, StepContext context) throws IOException {
    for (Path archive : archives) {
      context.listener().note("unpacking " + archive.getFileName());
      Extraction.unpack(archive, folder, Extraction.Limits.defaults(), context.stop());
    }
  }

  /** The path itself, or the archives in a folder that holds no images beside them. */
  static List<Path> archivesIn(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      if (!Extraction.isArchive(path)) {
        throw new PermanentStepException(
            "dataset.source.path: "
                + path
                + " is neither a folder nor a zip, tar or tar.gz archive (judged by its content)");
      }
      return List.of(path);
    }
    List<Path> archives = new ArrayList<>();
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.sorted().toList()) {
        if (Files.isDirectory(file) && !file.getFileName().toString().startsWith(".")) {
          return List.of();
        }
        if (Files.isRegularFile(file)
            && !file.getFileName().toString().matches(".*\\.nii(\\.gz)?")
            && Extraction.isArchive(file)) {
          archives.add(file);
        }
      }
    }
    return archives;
  }

  private void importFrom(RawDataset dataset, boolean ours) throws IOException {
    boolean named = !dataset.labels().isEmpty();
    if (named) {
      String where = dataset.folder().resolve("dataset.json").toString();
      Agreement.check(request, where, dataset.modalities(), dataset.labels());
    }
    context.listener().note("reading " + dataset.layout() + " in " + dataset.folder());
    dataset.remarks().forEach(context.listener()::note);
    RawFolder folder = folderFor(dataset);
    int total = dataset.training().size() + dataset.test().size();
    int done = 0;
    for (RawCase one :
        Stream.concat(dataset.training().stream(), dataset.test().stream()).toList()) {
      context.stop().check();
      bring(one, dataset.folder(), folder, ours);
      context.listener().progress("cases", ++done, total);
    }
    Map<Integer, String> labels = named ? dataset.labels() : request.labels();
    List<String> modalities = named ? dataset.modalities() : request.modalities();
    new Origins(origins).write(folder.root());
    folder.finish(
        dataset.name().isEmpty() ? request.name() : dataset.name(),
        "from the " + dataset.layout(),
        modalities,
        labels);
  }

  private void bring(RawCase one, Path from, RawFolder folder, boolean ours) throws IOException {
    String part = one.label().isPresent() ? "Tr/" : "Ts/";
    boolean split = one.images().size() > 1;
    String listed = "images" + part + one.id() + suffix(one.images().get(0));
    for (int channel = 0; channel < one.images().size(); channel++) {
      Path image = one.images().get(channel);
      String number = split ? String.format(Locale.ROOT, "_%04d", channel) : "";
      String placed = "images" + part + one.id() + number + suffix(image);
      place(image, folder.root().resolve(placed), ours);
      origins.put(placed, name(from, image));
    }
    if (one.label().isEmpty()) {
      folder.test(listed);
      return;
    }
    String label = "labelsTr/" + one.id() + suffix(one.label().get());
    place(one.label().get(), folder.root().resolve(label), ours);
    origins.put(label, name(from, one.label().get()));
    folder.training(listed, label);
  }

  private static String name(Path folder, Path file) {
    return folder.toAbsolutePath().relativize(file.toAbsolutePath()).toString().replace('\\', '/');
  }

  /** Links where the file system can: a dataset then takes no room twice. */
  private static void place(Path file, Path target, boolean ours) throws IOException {
    if (ours) {
      Files.move(file, target);
      return;
    }
    Path real = file.toRealPath();
    try {
      Files.createLink(target, real);
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.copy(real, target);
    }
  }

  private RawFolder folderFor(RawDataset dataset) throws IOException {
    Path root = dataset.folder();
    Path parent = root.getParent();
    Matcher numbered = NUMBERED.matcher(String.valueOf(root.getFileName()));
    String task = numbered.matches() ? "Task" + numbered.group(1) + "_" + numbered.group(2) : "";
    if (parent != null && parent.endsWith("unetr_pp_raw/unetr_pp_raw_data")) {
      Path top = root.getName(Math.max(0, root.getNameCount() - 4));
      if (top.toString().startsWith("DATASET_")) {
        return RawFolder.in(context.output(), top.toString(), task);
      }
    }
    String name = request.name().replaceAll("[^A-Za-z0-9]", "");
    String title =
        name.isEmpty() ? "Data" : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    return RawFolder.in(
        context.output(), "DATASET_" + title, task.isEmpty() ? "Task91_" + title : task);
  }

  private static String suffix(Path file) {
    return file.toString().endsWith(".nii") ? ".nii" : ".nii.gz";
  }
}
