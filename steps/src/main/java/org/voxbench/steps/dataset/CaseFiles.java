package org.voxbench.steps.dataset;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Turns listed file names into cases and notices which files are missing or left over. */
final class CaseFiles {

  private final Path root;
  private final int channels;
  private final Problems problems;
  private final List<String> remarks = new ArrayList<>();
  private final Set<Path> used = new HashSet<>();
  private final Map<String, String> imageOfId = new HashMap<>();

  CaseFiles(Path root, int channels, Problems problems) {
    this.root = root;
    this.channels = channels;
    this.problems = problems;
  }

  List<String> remarks() {
    return remarks;
  }

  List<RawCase> labelled(List<DatasetJson.Entry> entries) {
    List<RawCase> cases = new ArrayList<>();
    for (DatasetJson.Entry entry : entries) {
      List<Path> images = images(entry.image());
      Optional<Path> label = Optional.empty();
      if (entry.label().isEmpty()) {
        problems.add(root + ": training image " + entry.image() + ": no label is listed for it");
      } else {
        label = existing(entry.label(), "label of " + FileNames.stem(entry.image()));
      }
      if (isNew(entry) && !images.isEmpty() && label.isPresent()) {
        cases.add(new RawCase(FileNames.stem(entry.image()), images, label));
      }
    }
    return inOrder(cases);
  }

  List<RawCase> unlabelled(List<DatasetJson.Entry> entries) {
    List<RawCase> cases = new ArrayList<>();
    for (DatasetJson.Entry entry : entries) {
      if (imageOfId.containsKey(FileNames.stem(entry.image()))) {
        remarks.add(entry.image() + ": listed as test case, used as the training case it also is");
        continue;
      }
      List<Path> images = images(entry.image());
      if (isNew(entry) && !images.isEmpty()) {
        cases.add(new RawCase(FileNames.stem(entry.image()), images, Optional.empty()));
      }
    }
    return inOrder(cases);
  }

  /** Names labels without an image as problems, images that nobody lists as remarks. */
  void findStrays() {
    for (Path label : FileNames.niftiIn(root.resolve("labelsTr"))) {
      if (!used.contains(label.normalize())) {
        problems.add(label + ": label without an image; add its image or take the label away");
      }
    }
    for (Path image : FileNames.niftiIn(root.resolve("imagesTr"))) {
      if (!used.contains(image.normalize())) {
        remarks.add(image + ": not listed in dataset.json, so not used");
      }
    }
  }

  private boolean isNew(DatasetJson.Entry entry) {
    String id = FileNames.stem(entry.image());
    String earlier = imageOfId.putIfAbsent(id, entry.image());
    if (earlier != null) {
      problems.add(
          root
              + ": two images have the case id '"
              + id
              + "': "
              + earlier
              + " and "
              + entry.image());
    }
    return earlier == null;
  }

  private List<Path> images(String listed) {
    Optional<Path> image = inside(listed);
    if (image.isEmpty()) {
      return List.of();
    }
    if (Files.isRegularFile(image.get())) {
      used.add(image.get());
      return List.of(image.get());
    }
    List<Path> files =
        IntStream.range(0, channels).mapToObj(c -> FileNames.channel(image.get(), c)).toList();
    List<Path> missing = files.stream().filter(file -> !Files.isRegularFile(file)).toList();
    if (missing.size() == files.size()) {
      problems.add(image.get() + ": image is missing (nor is there " + firstOf(files) + ")");
    } else {
      missing.forEach(file -> problems.add(file + ": image of this channel is missing"));
    }
    used.addAll(files);
    return missing.isEmpty() ? files : List.of();
  }

  private static String firstOf(List<Path> files) {
    return files.isEmpty() ? "a file per channel" : FileNames.name(files.get(0));
  }

  private Optional<Path> existing(String listed, String what) {
    Optional<Path> file = inside(listed);
    file.ifPresent(used::add);
    if (file.isPresent() && !Files.isRegularFile(file.get())) {
      problems.add(file.get() + ": " + what + " is missing");
      return Optional.empty();
    }
    return file;
  }

  /** A dataset.json may come from the network: what it lists must stay in its folder. */
  private Optional<Path> inside(String listed) {
    try {
      Path file = root.resolve(listed).normalize();
      if (file.startsWith(root.normalize()) && !file.equals(root.normalize())) {
        return Optional.of(file);
      }
    } catch (InvalidPathException e) {
      problems.add(root + ": '" + listed + "' is no file name: " + e.getReason());
      return Optional.empty();
    }
    problems.add(
        root + ": '" + listed + "' leads out of the dataset's folder; expected a path below it");
    return Optional.empty();
  }

  private static List<RawCase> inOrder(List<RawCase> cases) {
    return cases.stream().sorted(Comparator.comparing(RawCase::id)).toList();
  }
}
