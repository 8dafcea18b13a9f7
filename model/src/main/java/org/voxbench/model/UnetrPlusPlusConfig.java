package org.voxbench.model;

import java.util.List;
import java.util.Locale;

/**
 * Everything that shapes one UNETR++ network (recipe section 1.1): one description for all
 * published networks and for any other patch or width.
 *
 * @param inChannels image channels, at least 1
 * @param classes labels including background, at least 2
 * @param patch voxels (z, y, x) of one input; each a multiple of eight stem strides
 * @param stem kernel and stride (z, y, x) of the first downsampling
 * @param widths channels of the four encoder stages
 * @param featureSize channels at full resolution
 * @param attention the paired attention of every transformer block
 * @param blocks how many transformer blocks and what follows the attention in each
 */
public record UnetrPlusPlusConfig(
    int inChannels,
    int classes,
    List<Integer> patch,
    List<Integer> stem,
    List<Integer> widths,
    int featureSize,
    Attention attention,
    Blocks blocks) {

  /** Names accepted by {@link #variant}. */
  public static final List<String> VARIANTS = List.of("synapse", "acdc", "lung", "tumor", "nano");

  private static final int STAGES = 4;
  private static final String AXES = "zyx";

  /** How keys and values are projected along the tokens (recipe section 1.1). */
  public enum TokenProjection {
    /** One linear layer for keys and values. */
    SHARED,
    /** One linear layer each. */
    SEPARATE,
    /** One matrix without bias for both, and no output projections. */
    FUSED
  }

  /**
   * The paired attention.
   *
   * @param heads heads; divide every stage width
   * @param projections projected tokens of the encoder stages 0 to 3
   * @param decoderProjection projected tokens of every decoder stage
   * @param tokens which projection layers exist
   * @param dropout dropout probability of both attention maps, in [0, 1)
   */
  public record Attention(
      int heads,
      List<Integer> projections,
      int decoderProjection,
      TokenProjection tokens,
      double dropout) {
    public Attention {
      projections = List.copyOf(projections);
      Checks.atLeast("attention.heads", heads, 1);
      Checks.size("attention.projections", projections, STAGES);
      Checks.atLeast("attention.decoderProjection", decoderProjection, 1);
      Checks.probability("attention.dropout", dropout);
    }
  }

  /**
   * The transformer blocks.
   *
   * @param depths blocks in the encoder stages 0 to 3
   * @param decoderDepth blocks in each of the three deeper decoder stages
   * @param residualConvolutions residual convolution blocks after the attention, 1 or 2
   * @param dropout channel dropout before the last 1x1x1 convolution, in [0, 1)
   */
  public record Blocks(
      List<Integer> depths, int decoderDepth, int residualConvolutions, double dropout) {
    public Blocks {
      depths = List.copyOf(depths);
      Checks.size("blocks.depths", depths, STAGES);
      Checks.atLeast("blocks.decoderDepth", decoderDepth, 1);
      Checks.between("blocks.residualConvolutions", residualConvolutions, 1, 2);
      Checks.probability("blocks.dropout", dropout);
    }
  }

  public UnetrPlusPlusConfig {
    patch = List.copyOf(patch);
    stem = List.copyOf(stem);
    widths = List.copyOf(widths);
    Checks.atLeast("inChannels", inChannels, 1);
    Checks.atLeast("classes", classes, 2);
    Checks.between("classes", classes, 2, 127);
    Checks.size("patch", patch, 3);
    Checks.size("stem", stem, 3);
    Checks.size("widths", widths, STAGES);
    Checks.atLeast("featureSize", featureSize, 1);
    for (int axis = 0; axis < 3; axis++) {
      requireDivisible(axis, patch.get(axis), stem.get(axis));
    }
    for (int width : widths) {
      if (width % attention.heads() != 0 || width % 2 != 0) {
        throw new IllegalArgumentException(
            "widths: every stage needs an even width that %d heads divide, but one is %d"
                .formatted(attention.heads(), width));
      }
    }
    for (int stage = 1; stage < STAGES; stage++) {
      if (widths.get(stage) % widths.get(stage - 1) != 0) {
        throw new IllegalArgumentException(
            "widths: stage %d has %d channels, expected a multiple of the %d before it"
                .formatted(stage, widths.get(stage), widths.get(stage - 1)));
      }
    }
  }

  /**
   * A published network by name, or {@code nano}, a small one of the same architecture.
   *
   * @param name one of {@link #VARIANTS}; {@code btcv} means synapse and {@code brats} means tumor
   */
  public static UnetrPlusPlusConfig variant(String name, int inChannels, int classes) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "synapse", "btcv" ->
          published(inChannels, classes, List.of(64, 128, 128), List.of(2, 4, 4))
              .attending(TokenProjection.SHARED, 0.15);
      case "acdc" ->
          published(inChannels, classes, List.of(16, 160, 160), List.of(1, 4, 4)).twiceResidual();
      case "lung" ->
          published(inChannels, classes, List.of(32, 192, 192), List.of(1, 4, 4)).twiceResidual();
      case "tumor", "brats" ->
          published(inChannels, classes, List.of(128, 128, 128), List.of(4, 4, 4))
              .attending(TokenProjection.FUSED, 0.1);
      case "nano" ->
          published(inChannels, classes, List.of(64, 128, 128), List.of(2, 4, 4))
              .attending(TokenProjection.SHARED, 0.15)
              .withPatch(List.of(32, 64, 64))
              .withWidths(List.of(16, 32, 64, 128));
      default ->
          throw new IllegalArgumentException(
              "network.variant: expected one of %s but was '%s'".formatted(VARIANTS, name));
    };
  }

  /** The same network for another patch (z, y, x). */
  public UnetrPlusPlusConfig withPatch(List<Integer> other) {
    return new UnetrPlusPlusConfig(
        inChannels, classes, other, stem, widths, featureSize, attention, blocks);
  }

  /** The same network with other stage widths. */
  public UnetrPlusPlusConfig withWidths(List<Integer> other) {
    return new UnetrPlusPlusConfig(
        inChannels, classes, patch, stem, other, featureSize, attention, blocks);
  }

  /** The same network with another stem stride (z, y, x). */
  public UnetrPlusPlusConfig withStem(List<Integer> other) {
    return new UnetrPlusPlusConfig(
        inChannels, classes, patch, other, widths, featureSize, attention, blocks);
  }

  /** The same network with other channels at full resolution. */
  public UnetrPlusPlusConfig withFeatureSize(int other) {
    return new UnetrPlusPlusConfig(
        inChannels, classes, patch, stem, widths, other, attention, blocks);
  }

  /** The same network without any dropout, which makes training deterministic in its seed alone. */
  public UnetrPlusPlusConfig withoutDropout() {
    Blocks still =
        new Blocks(blocks.depths(), blocks.decoderDepth(), blocks.residualConvolutions(), 0);
    return new UnetrPlusPlusConfig(
            inChannels, classes, patch, stem, widths, featureSize, attention, still)
        .attending(attention.tokens(), 0);
  }

  /** Voxels of one patch. */
  public int patchVoxels() {
    return patch.get(0) * patch.get(1) * patch.get(2);
  }

  /** Tokens of encoder stage 0 to 3. */
  public int tokens(int stage) {
    int tokens = 1;
    for (int axis = 0; axis < 3; axis++) {
      tokens *= patch.get(axis) / (stem.get(axis) << stage);
    }
    return tokens;
  }

  private static UnetrPlusPlusConfig published(
      int inChannels, int classes, List<Integer> patch, List<Integer> stem) {
    Attention attention =
        new Attention(4, List.of(64, 64, 64, 32), 64, TokenProjection.SEPARATE, 0.1);
    return new UnetrPlusPlusConfig(
        inChannels,
        classes,
        patch,
        stem,
        List.of(32, 64, 128, 256),
        16,
        attention,
        new Blocks(List.of(3, 3, 3, 3), 3, 1, 0.1));
  }

  private UnetrPlusPlusConfig attending(TokenProjection tokens, double dropout) {
    Attention other =
        new Attention(
            attention.heads(),
            attention.projections(),
            attention.decoderProjection(),
            tokens,
            dropout);
    return new UnetrPlusPlusConfig(
        inChannels, classes, patch, stem, widths, featureSize, other, blocks);
  }

  private UnetrPlusPlusConfig twiceResidual() {
    Blocks twice = new Blocks(blocks.depths(), blocks.decoderDepth(), 2, blocks.dropout());
    return new UnetrPlusPlusConfig(
        inChannels, classes, patch, stem, widths, featureSize, attention, twice);
  }

  private static void requireDivisible(int axis, int size, int stride) {
    Checks.between("stem." + AXES.charAt(axis), stride, 1, 16);
    int step = stride << (STAGES - 1);
    if (size <= 0 || size % step != 0) {
      int below = Math.max(1, size / step) * step;
      throw new IllegalArgumentException(
          "patch: axis %s has %d voxels, expected a multiple of %d (stem stride %d, halved three"
                  .formatted(AXES.charAt(axis), size, step, stride)
              + " times); the nearest legal sizes are %d and %d".formatted(below, below + step));
    }
  }
}
