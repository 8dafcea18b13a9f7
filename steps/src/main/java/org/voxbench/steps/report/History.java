package org.voxbench.steps.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The curves of a training: {@code history.csv} of the train step, one row per epoch.
 *
 * @param columns values by column name; NaN where a cell is empty
 */
record History(Map<String, double[]> columns) {

  private static final String FILE = "history.csv";

  /** Reads what is there; a row that is cut off or damaged ends the curves. */
  static History read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return new History(Map.of());
    }
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty()) {
      return new History(Map.of());
    }
    String[] names = lines.get(0).split(",", -1);
    List<double[]> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      if (cells.length != names.length) {
        break;
      }
      double[] row = new double[cells.length];
      for (int i = 0; i < row.length; i++) {
        row[i] = number(cells[i]);
      }
      rows.add(row);
    }
    Map<String, double[]> columns = new LinkedHashMap<>();
    for (int i = 0; i < names.length; i++) {
      int column = i;
      columns.put(names[i].strip(), rows.stream().mapToDouble(row -> row[column]).toArray());
    }
    return new History(columns);
  }

  private static double number(String cell) {
    try {
      return Double.parseDouble(cell.strip());
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** The charts that the columns allow. */
  List<Plot> plots() {
    List<Plot> plots = new ArrayList<>();
    add(plots, "loss", "train_loss", "validation_loss");
    add(plots, "validation Dice", "validation_dice", "validation_average");
    add(plots, "learning rate", "learning_rate");
    return plots;
  }

  private void add(List<Plot> plots, String title, String... names) {
    double[] x = columns.getOrDefault("epoch", new double[0]);
    Map<String, double[]> curves = new LinkedHashMap<>();
    for (String name : names) {
      double[] values = columns.getOrDefault(name, new double[0]);
      if (values.length > 0 && !java.util.Arrays.stream(values).allMatch(Double::isNaN)) {
        curves.put(name.replace('_', ' '), values);
      }
    }
    if (x.length > 0 && !curves.isEmpty()) {
      plots.add(new Plot(title, "epoch", x, curves));
    }
  }
}
