package org.voxbench.workflows.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.voxbench.steps.StepName;

/** A folder of configuration files and a reader that works in it. */
final class ConfigFolder {

  /** The least that makes an experiment. */
  static final String SMALL =
      """
      name: small
      dataset:
        name: phantom
        modalities: [CT]
        labels: {1: liver, 2: spleen}
        split: {kind: listed, validation: [a]}
        source: {kind: phantom, anatomy: ct-abdomen}
      """;

  private final Path folder;
  private final Map<StepName, Class<?>> requests;

  ConfigFolder(Path folder) {
    this(folder, Map.of());
  }

  ConfigFolder(Path folder, Map<StepName, Class<?>> requests) {
    this.folder = folder;
    this.requests = requests;
  }

  ConfigFolder with(String name, String text) {
    return with(name, text.getBytes(StandardCharsets.UTF_8));
  }

  ConfigFolder with(String name, byte[] bytes) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.resolveSibling("."));
      Files.write(file, bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  Experiment read(String name, String... overrides) {
    return reader().read(Path.of(name), List.of(overrides));
  }

  ExperimentFile reader() {
    return new ExperimentFile(requests, new Machine(6, 16L << 30), folder);
  }

  /** What is printed for a file that cannot be used. */
  List<String> complaints(String name, String... overrides) {
    ConfigurationException refused =
        catchThrowableOfType(ConfigurationException.class, () -> read(name, overrides));
    return refused == null
        ? List.of()
        : refused.problems().stream().map(Problem::toString).collect(Collectors.toList());
  }

  /** The same for a text that is the file {@code e.yaml}. */
  List<String> complaintsAbout(String text, String... overrides) {
    return with("e.yaml", text).complaints("e.yaml", overrides);
  }
}
