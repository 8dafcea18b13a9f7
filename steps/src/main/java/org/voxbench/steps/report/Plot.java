package org.voxbench.steps.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Curves over one axis, drawn as inline SVG.
 *
 * @param x ascending
 * @param curves values at each x by name; NaN where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Plot(String title, String xTitle, double[] x, Map<String, double[]> curves) {

  private static final int WIDTH = 460;
  private static final int HEIGHT = 260;
  private static final int LEFT = 62;
  private static final int RIGHT = 12;
  private static final int TOP = 44;
  private static final int BOTTOM = 38;

  /** Distinct for the colour-blind and in print (Okabe and Ito). */
  private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73");

  private static final List<String> DASHES = List.of("none", "6 3", "2 3");

  String svg() {
    double[] values =
        curves.values().stream().flatMapToDouble(Arrays::stream).filter(Double::isFinite).toArray();
    Axis across = Axis.of(x, LEFT, WIDTH - RIGHT);
    Axis up = Axis.of(values, HEIGHT - BOTTOM, TOP);
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\"><text x=\"%d\" y=\"16\" class=\"title\">%s</text>%n"
            .formatted(WIDTH, HEIGHT, Html.escape(title), LEFT, Html.escape(title)));
    for (double tick : up.ticks()) {
      svg.append(
          "<line x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\" class=\"grid\"/><text x=\"%d\" y=\"%s\" class=\"end\">%s</text>%n"
              .formatted(
                  LEFT,
                  WIDTH - RIGHT,
                  up.at(tick),
                  up.at(tick),
                  LEFT - 6,
                  up.at(tick, 4),
                  Axis.label(tick)));
    }
    for (double tick : across.ticks()) {
      svg.append(
          "<text x=\"%s\" y=\"%d\" class=\"middle\">%s</text>%n"
              .formatted(across.at(tick), HEIGHT - BOTTOM + 16, Axis.label(tick)));
    }
    svg.append(
        "<text x=\"%d\" y=\"%d\" class=\"middle\">%s</text>%n"
            .formatted((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, Html.escape(xTitle)));
    int index = 0;
    for (Map.Entry<String, double[]> curve : curves.entrySet()) {
      svg.append(curve(curve.getValue(), index, across, up)).append(legend(curve.getKey(), index));
      index++;
    }
    return svg.append("</svg>\n").toString();
  }

  private String curve(double[] values, int index, Axis across, Axis up) {
    StringBuilder path = new StringBuilder();
    StringBuilder dots = new StringBuilder();
    boolean pen = false;
    for (int i = 0; i < values.length; i++) {
      if (Double.isFinite(values[i])) {
        String place = across.at(x[i]) + " " + up.at(values[i]);
        path.append(pen ? 'L' : 'M').append(place);
        boolean alone = !pen && (i + 1 == values.length || !Double.isFinite(values[i + 1]));
        if (alone) {
          dots.append(
              "<circle cx=\"%s\" cy=\"%s\" r=\"2.5\" fill=\"%s\"/>"
                  .formatted(across.at(x[i]), up.at(values[i]), colour(index)));
        }
      }
      pen = Double.isFinite(values[i]);
    }
    return "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" stroke-dasharray=\"%s\"/>%s%n"
        .formatted(path, colour(index), dash(index), dots);
  }

  private static String legend(String name, int index) {
    int left = LEFT + 140 * index;
    return "<line x1=\"%d\" x2=\"%d\" y1=\"30\" y2=\"30\" stroke=\"%s\" stroke-width=\"1.8\" stroke-dasharray=\"%s\"/><text x=\"%d\" y=\"34\">%s</text>%n"
        .formatted(left, left + 22, colour(index), dash(index), left + 28, Html.escape(name));
  }

  private static String colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  private static String dash(int index) {
    return DASHES.get(index % DASHES.size());
  }

  /** Maps values to pixels, with round tick marks. */
  private record Axis(double low, double high, double step, int from, int to) {

    static Axis of(double[] values, int from, int to) {
      double low = Arrays.stream(values).min().orElse(0);
      double high = Arrays.stream(values).max().orElse(1);
      if (high - low <= 1e-12 * Math.max(Math.abs(high), 1e-300)) {
        double margin = high == 0 ? 1 : Math.abs(high) / 2;
        low -= margin;
        high += margin;
      }
      double rough = (high - low) / 4;
      double power = Math.pow(10, Math.floor(Math.log10(rough)));
      double digit = rough / power;
      double step = power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
      return new Axis(low, high, step, from, to);
    }

    double[] ticks() {
      long first = (long) Math.ceil(low / step - 1e-9);
      long last = (long) Math.floor(high / step + 1e-9);
      double[] ticks = new double[(int) (last - first + 1)];
      for (int i = 0; i < ticks.length; i++) {
        ticks[i] = (first + i) * step;
      }
      return ticks;
    }

    String at(double value) {
      return at(value, 0);
    }

    String at(double value, double shift) {
      double pixel = from + (value - low) / (high - low) * (to - from) + shift;
      return String.format(Locale.ROOT, "%.1f", pixel);
    }

    static String label(double value) {
      double size = Math.abs(value);
      String text =
          String.format(
              Locale.ROOT, size != 0 && (size < 1e-3 || size >= 1e5) ? "%.2e" : "%.4f", value);
      return text.contains("e") ? text : text.replaceAll("\\.?0+$", "");
    }
  }
}
