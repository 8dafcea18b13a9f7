package org.voxbench.steps.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The published raw layout, {@code DATASET_X/unetr_pp_raw/unetr_pp_raw_data/TaskNN_X} (recipe
 * section 4.1): the Decathlon form in a nest of folders. A {@code Task0NN_X} beside it is what the
 * published scripts derive from it and is passed over.
 */
final class PublishedLayout implements DatasetLayout {

  private static final Pattern DERIVED = Pattern.compile("Task0([0-9]{2})_(.*)");

  private final DecathlonLayout form = new DecathlonLayout();

  @Override
  public String title() {
    return "published UNETR++ raw layout";
  }

  @Override
  public boolean isRoot(Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    return parent != null
        && FileNames.name(parent).equals("unetr_pp_raw_data")
        && form.isRoot(folder)
        && !isDerived(absolute);
  }

  @Override
  public RawDataset read(Path root, Problems problems) {
    return form.read(root, title(), problems);
  }

  static boolean isDerived(Path folder) {
    Matcher derived = DERIVED.matcher(FileNames.name(folder));
    return derived.matches()
        && Files.isRegularFile(
            folder
                .resolveSibling("Task" + derived.group(1) + "_" + derived.group(2))
                .resolve(DatasetJson.NAME));
  }
}
