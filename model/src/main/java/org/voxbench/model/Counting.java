package org.voxbench.model;

import java.util.ArrayList;
import java.util.List;
import org.voxbench.model.UnetrPlusPlusConfig.TokenProjection;

/**
 * Layers, shapes, parameters and operations of a network without running it. Operations are counted
 * as fvcore does: one per multiply-add of convolutions, linear layers and matrix products, four per
 * element of a norm and five where it has weights.
 */
public final class Counting {

  /**
   * One row of the description.
   *
   * @param name prefix of the published tensor names
   * @param shape output (channels, z, y, x) of one sample
   * @param parameters trained numbers
   * @param operations in fvcore's convention, for one sample
   */
  public record Layer(String name, List<Integer> shape, long parameters, long operations) {}

  /**
   * The whole network.
   *
   * @param layers in the order of the data flow
   * @param parameters trained numbers
   * @param operations in fvcore's convention, for one sample
   */
  public record Network(List<Layer> layers, long parameters, long operations) {}

  private final UnetrPlusPlusConfig config;
  private final List<Layout.Entry> layout;
  private final List<Layer> layers = new ArrayList<>();

  private Counting(UnetrPlusPlusConfig config) {
    this.config = config;
    layout = Layout.of(config);
  }

  /** Describes a network. */
  public static Network of(UnetrPlusPlusConfig config) {
    Counting counting = new Counting(config);
    counting.walk();
    long parameters = counting.parameters("");
    long operations = counting.layers.stream().mapToLong(Layer::operations).sum();
    return new Network(List.copyOf(counting.layers), parameters, operations);
  }

  private void walk() {
    for (int stage = 0; stage < 4; stage++) {
      downsampling(stage);
      int depth = config.blocks().depths().get(stage);
      String prefix = "unetr_pp_encoder.stages." + stage + ".";
      blocks(prefix, stage, depth, config.attention().projections().get(stage));
    }
    long full = config.patchVoxels();
    long wide = config.featureSize();
    long in = config.inChannels();
    boolean shortcut = in != wide;
    long convolutions = 27 * (in + wide) + (shortcut ? in : 0);
    add("encoder1", full(wide), full * wide * (convolutions + (shortcut ? 12 : 8)));
    for (int stage = 2; stage >= 0; stage--) {
      String prefix = "decoder" + (stage + 3) + ".";
      upsampling(prefix + "transp_conv", stage);
      blocks(
          prefix + "decoder_block.0.",
          stage,
          config.blocks().decoderDepth(),
          config.attention().decoderProjection());
    }
    add("decoder2.transp_conv", full(wide), full * wide * config.widths().get(0));
    add("decoder2.decoder_block", full(wide), full * wide * (54 * wide + 8));
    long classes = config.classes();
    add("out1", full(classes), full * wide * classes);
    add("out2", shape(classes, 0), (long) config.tokens(0) * config.widths().get(0) * classes);
    add("out3", shape(classes, 1), (long) config.tokens(1) * config.widths().get(1) * classes);
  }

  private void downsampling(int stage) {
    long out = (long) config.tokens(stage) * config.widths().get(stage);
    long in = stage == 0 ? config.inChannels() : config.widths().get(stage - 1);
    long kernel = stage == 0 ? volume(config.stem()) : 8;
    String name = "unetr_pp_encoder.downsample_layers." + stage;
    add(name, shape(config.widths().get(stage), stage), out * (in * kernel + 5));
  }

  private void upsampling(String name, int stage) {
    long in = (long) config.tokens(stage + 1) * config.widths().get(stage + 1);
    long operations = in * config.widths().get(stage) * 8;
    add(name, shape(config.widths().get(stage), stage), operations);
  }

  private void blocks(String prefix, int stage, int depth, int projection) {
    long tokens = config.tokens(stage);
    long width = config.widths().get(stage);
    boolean fused = config.attention().tokens() == TokenProjection.FUSED;
    long heads = config.attention().heads();
    int residual = config.blocks().residualConvolutions();
    long features = tokens * width;
    long projections = features * (4 * width + 2L * projection) + (fused ? 0 : features * width);
    long attention = 2 * features * (width / heads) + 2 * features * projection;
    long convolutions = features * width * (54L * residual + 1L);
    long norms = 5 * features * (1 + 2L * residual);
    for (int block = 0; block < depth; block++) {
      add(prefix + block, shape(width, stage), projections + attention + convolutions + norms);
    }
  }

  private void add(String name, List<Integer> shape, long operations) {
    layers.add(new Layer(name, shape, parameters(name + "."), operations));
  }

  private long parameters(String prefix) {
    return layout.stream()
        .filter(entry -> entry.trained() && (prefix.isEmpty() || entry.name().startsWith(prefix)))
        .mapToLong(Layout.Entry::elements)
        .sum();
  }

  private List<Integer> shape(long channels, int stage) {
    List<Integer> shape = new ArrayList<>(List.of((int) channels));
    for (int axis = 0; axis < 3; axis++) {
      shape.add(config.patch().get(axis) / (config.stem().get(axis) << stage));
    }
    return shape;
  }

  private List<Integer> full(long channels) {
    List<Integer> shape = new ArrayList<>(List.of((int) channels));
    shape.addAll(config.patch());
    return shape;
  }

  private static long volume(List<Integer> sizes) {
    return (long) sizes.get(0) * sizes.get(1) * sizes.get(2);
  }
}
