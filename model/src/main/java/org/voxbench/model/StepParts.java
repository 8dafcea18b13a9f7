package org.voxbench.model;

import java.util.ArrayList;
import java.util.List;
import org.voxbench.model.UnetrPlusPlusConfig.TokenProjection;

/**
 * The parts of a training step in the order of the data flow, as the program's {@code recompute.py}
 * divides it, with the bytes that each leaves in memory. The numbers of arrays are counted in the
 * program's text: what autograd keeps of each line for its backward pass.
 */
final class StepParts {

  private static final int FLOAT = Float.BYTES;

  /**
   * One part for a whole batch, in bytes.
   *
   * @param kept what autograd keeps of its inside, with its output where the next part does not
   *     make one of its own of it
   * @param output what it hands on, all that recomputing keeps of it
   * @param working arrays of its backward pass that are there at the same time
   * @param gradients of its weights
   */
  record Part(long kept, long output, long working, long gradients) {}

  private final UnetrPlusPlusConfig config;
  private final List<Layout.Entry> layout;
  private final long batch;
  private final int width;
  private final List<Part> parts = new ArrayList<>();

  private StepParts(UnetrPlusPlusConfig config, List<Layout.Entry> layout, int batch, int width) {
    this.config = config;
    this.layout = layout;
    this.batch = batch;
    this.width = width;
  }

  /**
   * The parts of a network.
   *
   * @param width bytes of a number in working precision
   */
  static List<Part> of(
      UnetrPlusPlusConfig config, List<Layout.Entry> layout, int batch, int width) {
    StepParts parts = new StepParts(config, layout, batch, width);
    parts.input();
    for (int stage = 0; stage < 4; stage++) {
      parts.downsampling(stage);
      String prefix = "unetr_pp_encoder.stages." + stage + ".";
      int projection = config.attention().projections().get(stage);
      parts.blocks(prefix, stage, config.blocks().depths().get(stage), projection);
    }
    for (int stage = 2; stage >= 0; stage--) {
      String prefix = "decoder" + (stage + 3) + ".";
      parts.add(0, parts.features(stage), parts.features(stage), prefix + "transp_conv");
      int projection = config.attention().decoderProjection();
      int depth = config.blocks().decoderDepth();
      parts.blocks(prefix + "decoder_block.0.", stage, depth, projection);
    }
    parts.heads();
    return List.copyOf(parts.parts);
  }

  /** Both convolutions' outputs and what their activations leave; the centred image. */
  private void input() {
    long features = full(config.featureSize());
    long working = 3 * features + turned(features);
    add(4 * features + full(config.inChannels()), features, working, "encoder1.");
  }

  /** The convolution's output, which the norm needs. */
  private void downsampling(int stage) {
    String prefix = "unetr_pp_encoder.downsample_layers." + stage + ".";
    add(features(stage), features(stage), 2 * features(stage), prefix);
  }

  private void blocks(String prefix, int stage, int depth, int projection) {
    long numbers = batch * config.tokens(stage) * config.widths().get(stage);
    long maps = batch * config.tokens(stage) * config.attention().heads() * projection * width;
    boolean fused = config.attention().tokens() == TokenProjection.FUSED;
    int residual = config.blocks().residualConvolutions();
    // Tokens before their norm stay float32. In working precision: normed tokens, queries, the
    // attention's result before and after its output projection, tokens for the convolutions, four
    // of each residual block, channels after dropout.
    long kept = numbers * (FLOAT + width * ((fused ? 5L : 6L) + 4L * residual));
    if (width < FLOAT) {
      kept += numbers * FLOAT; // normed tokens in float32 for their Gram matrix
    } else {
      kept += 2L * residual * halves(stage, numbers);
    }
    // The map, its dropout mask, and their product; as many gradients at once.
    for (int block = 0; block < depth; block++) {
      boolean last = block == depth - 1;
      long end = last && width < FLOAT ? numbers * width : 0;
      long output = last ? numbers * width : numbers * FLOAT;
      long working = 3 * maps + 4 * numbers * FLOAT;
      add(kept + 3 * maps + end, output, working, prefix + block + ".");
    }
  }

  /** In float32 a lone small volume enters a convolution as its two halves with a margin. */
  private long halves(int stage, long numbers) {
    int z = config.patch().get(0) / (config.stem().get(0) << stage);
    int y = config.patch().get(1) / (config.stem().get(1) << stage);
    boolean halved = batch == 1 && z % 2 == 0 && config.widths().get(stage) * z * y <= 20480;
    return halved ? numbers * FLOAT * (z + 4) / z : 0;
  }

  /**
   * The sum with the skip, both convolutions, the result, and the logits. In work: the loss with
   * probabilities, logits in float32 and ten numbers a voxel, or the slopes of logits and features.
   */
  private void heads() {
    long features = full(config.featureSize());
    long classes = config.classes();
    long voxels = voxels(config) + config.tokens(0) + config.tokens(1);
    long logits = batch * voxels * classes * width;
    long perVoxel = classes * (width < FLOAT ? 2L : 1L) * FLOAT + 10 * FLOAT;
    long loss = batch * voxels(config) * perVoxel;
    add(
        5 * features + logits,
        0,
        Math.max(loss, 3 * features + turned(features) + logits),
        "decoder2.",
        "out");
  }

  /** For a weight gradient in half precision oneDNN turns input and slope voxels first. */
  private long turned(long features) {
    return width < FLOAT ? 2 * features : 0;
  }

  private void add(long kept, long output, long working, String... prefixes) {
    long gradients = 0;
    for (Layout.Entry entry : layout) {
      for (String prefix : prefixes) {
        if (entry.trained() && entry.name().startsWith(prefix)) {
          gradients += elements(entry) * (staysFloat(entry) ? FLOAT : width);
        }
      }
    }
    parts.add(new Part(kept, output, working, gradients));
  }

  /** As {@code stays_float} of the program's {@code update.py}. */
  static boolean staysFloat(Layout.Entry entry) {
    String name = entry.name();
    if (name.endsWith(".bias")) {
      return name.contains(".norm") || name.contains("downsample_layers");
    }
    return entry.shape().size() == 1 || name.endsWith("pos_embed") || name.contains("temperature");
  }

  /** Of a patch that may be larger than any array. */
  static long voxels(UnetrPlusPlusConfig config) {
    return (long) config.patch().get(0) * config.patch().get(1) * config.patch().get(2);
  }

  static long elements(Layout.Entry entry) {
    return entry.shape().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b);
  }

  private long full(long channels) {
    return batch * voxels(config) * channels * width;
  }

  private long features(int stage) {
    return batch * config.tokens(stage) * config.widths().get(stage) * width;
  }
}
