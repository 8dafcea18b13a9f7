package org.voxbench.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voxbench.model.UnetrPlusPlusConfig.TokenProjection;

/**
 * Names, shapes and first values of all tensors of a network, in the order of the published
 * state_dict (recipe sections 1.6 and 1.7).
 */
final class Layout {

  /** How a tensor starts. */
  enum Start {
    ZERO,
    ONE,
    /** 1e-6: the attention branch starts almost closed. */
    TINY,
    /** Normal with standard deviation 0.02. */
    NORMAL,
    /** Uniform within plus and minus the bound. */
    UNIFORM,
    /** An int64 counter at 0. */
    COUNTER
  }

  /**
   * One tensor.
   *
   * @param trained whether the optimizer changes it; running statistics are not
   * @param aliasOf the tensor of which this is only a second name
   */
  record Entry(
      String name,
      List<Integer> shape,
      Start start,
      double bound,
      boolean trained,
      @Nullable String aliasOf) {
    int elements() {
      return shape.stream().reduce(1, Math::multiplyExact);
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final UnetrPlusPlusConfig config;

  private Layout(UnetrPlusPlusConfig config) {
    this.config = config;
  }

  static List<Entry> of(UnetrPlusPlusConfig config) {
    Layout layout = new Layout(config);
    layout.encoder();
    layout.encoder1();
    for (int stage = 2; stage >= 0; stage--) {
      layout.decoder(stage);
    }
    layout.decoder2();
    layout.heads();
    return List.copyOf(layout.entries);
  }

  private void encoder() {
    String encoder = "unetr_pp_encoder.";
    for (int stage = 0; stage < 4; stage++) {
      String prefix = encoder + "downsample_layers." + stage;
      int from = stage == 0 ? config.inChannels() : config.widths().get(stage - 1);
      convolution(prefix + ".0.conv.weight", config.widths().get(stage), from, kernel(stage));
      norm(prefix + ".1", config.widths().get(stage));
    }
    for (int stage = 0; stage < 4; stage++) {
      for (int block = 0; block < config.blocks().depths().get(stage); block++) {
        int projection = config.attention().projections().get(stage);
        block(encoder + "stages." + stage + "." + block + ".", stage, projection, Start.NORMAL);
      }
    }
  }

  private List<Integer> kernel(int stage) {
    return stage == 0 ? config.stem() : List.of(2, 2, 2);
  }

  private void encoder1() {
    int wide = config.featureSize();
    convolution("encoder1.conv1.conv.weight", wide, config.inChannels(), List.of(3, 3, 3));
    convolution("encoder1.conv2.conv.weight", wide, wide, List.of(3, 3, 3));
    if (config.inChannels() != wide) {
      convolution("encoder1.conv3.conv.weight", wide, config.inChannels(), List.of(1, 1, 1));
    }
  }

  private void decoder(int stage) {
    String prefix = "decoder" + (stage + 3) + ".";
    transposed(prefix, config.widths().get(stage + 1), config.widths().get(stage), kernel(1));
    for (int block = 0; block < config.blocks().decoderDepth(); block++) {
      int projection = config.attention().decoderProjection();
      block(prefix + "decoder_block.0." + block + ".", stage, projection, Start.UNIFORM);
    }
  }

  private void decoder2() {
    int wide = config.featureSize();
    transposed("decoder2.", config.widths().get(0), wide, config.stem());
    convolution("decoder2.decoder_block.0.conv1.conv.weight", wide, wide, List.of(3, 3, 3));
    convolution("decoder2.decoder_block.0.conv2.conv.weight", wide, wide, List.of(3, 3, 3));
  }

  private void heads() {
    int[] channels = {config.featureSize(), config.widths().get(0), config.widths().get(1)};
    for (int head = 0; head < 3; head++) {
      String prefix = "out" + (head + 1) + ".conv.conv.";
      convolution(prefix + "weight", config.classes(), channels[head], List.of(1, 1, 1));
      uniform(prefix + "bias", channels[head], config.classes());
    }
  }

  private void block(String prefix, int stage, int projection, Start linear) {
    int width = config.widths().get(stage);
    int tokens = config.tokens(stage);
    add(prefix + "gamma", Start.TINY, 0, width);
    add(prefix + "pos_embed", Start.ZERO, 0, 1, tokens, width);
    norm(prefix + "norm", width);
    attention(prefix + "epa_block.", width, tokens, projection, linear);
    residual(prefix + "conv51.", width);
    if (config.blocks().residualConvolutions() == 2) {
      residual(prefix + "conv52.", width);
    }
    convolution(prefix + "conv8.1.weight", width, width, List.of(1, 1, 1));
    uniform(prefix + "conv8.1.bias", width, width);
  }

  private void attention(String prefix, int width, int tokens, int projection, Start linear) {
    int heads = config.attention().heads();
    TokenProjection kind = config.attention().tokens();
    add(prefix + "temperature", Start.ONE, 0, heads, 1, 1);
    add(prefix + "temperature2", Start.ONE, 0, heads, 1, 1);
    if (kind == TokenProjection.FUSED) {
      uniform(prefix + "EF", projection, tokens, projection);
    }
    add(prefix + "qkvv.weight", linear, 1 / Math.sqrt(width), 4 * width, width);
    if (kind == TokenProjection.FUSED) {
      return;
    }
    linear(prefix + "E", tokens, projection, linear);
    if (kind == TokenProjection.SEPARATE) {
      linear(prefix + "F", tokens, projection, linear);
    } else {
      alias(prefix + "F.weight", prefix + "E.weight", projection, tokens);
      alias(prefix + "F.bias", prefix + "E.bias", projection);
    }
    linear(prefix + "out_proj", width, width / 2, linear);
    linear(prefix + "out_proj2", width, width / 2, linear);
  }

  /** A linear layer: NORMAL with zero bias in the encoder, uniform in the decoder. */
  private void linear(String prefix, int from, int to, Start start) {
    double bound = 1 / Math.sqrt(from);
    add(prefix + ".weight", start, bound, to, from);
    add(prefix + ".bias", start == Start.NORMAL ? Start.ZERO : start, bound, to);
  }

  private void residual(String prefix, int width) {
    convolution(prefix + "conv1.conv.weight", width, width, List.of(3, 3, 3));
    convolution(prefix + "conv2.conv.weight", width, width, List.of(3, 3, 3));
    for (int norm = 1; norm <= 2; norm++) {
      norm(prefix + "norm" + norm, width);
      buffer(prefix + "norm" + norm + ".running_mean", Start.ZERO, List.of(width));
      buffer(prefix + "norm" + norm + ".running_var", Start.ONE, List.of(width));
      buffer(prefix + "norm" + norm + ".num_batches_tracked", Start.COUNTER, List.of());
    }
  }

  private void norm(String prefix, int width) {
    add(prefix + ".weight", Start.ONE, 0, width);
    add(prefix + ".bias", Start.ZERO, 0, width);
  }

  private void convolution(String name, int to, int from, List<Integer> kernel) {
    int fan = from * kernel.get(0) * kernel.get(1) * kernel.get(2);
    uniform(name, fan, to, from, kernel.get(0), kernel.get(1), kernel.get(2));
  }

  private void transposed(String prefix, int from, int to, List<Integer> kernel) {
    int fan = to * kernel.get(0) * kernel.get(1) * kernel.get(2);
    String name = prefix + "transp_conv.conv.weight";
    uniform(name, fan, from, to, kernel.get(0), kernel.get(1), kernel.get(2));
  }

  private void uniform(String name, int fan, Integer... shape) {
    add(name, Start.UNIFORM, 1 / Math.sqrt(fan), shape);
  }

  private void add(String name, Start start, double bound, Integer... shape) {
    entries.add(new Entry(name, List.of(shape), start, bound, true, null));
  }

  private void buffer(String name, Start start, List<Integer> shape) {
    entries.add(new Entry(name, shape, start, 0, false, null));
  }

  private void alias(String name, String original, Integer... shape) {
    entries.add(new Entry(name, List.of(shape), Start.ZERO, 0, false, original));
  }
}
