package org.voxbench.steps.preprocess;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.voxbench.steps.dataset.CaseGeometry;
import org.voxbench.steps.dataset.CropBox;
import org.voxbench.steps.dataset.PreparationPlan;
import org.voxbench.steps.dataset.PreparedCase;
import org.voxbench.steps.dataset.PreparedFiles;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.Resampler;
import org.voxbench.steps.volume.Spacing;

/** The second look at a case: crop, resample, normalise, store. */
final class CasePreparation {

  /** Slices in work, file buffers. */
  private static final long FIXED_BYTES = 16 << 20;

  private final PreparationPlan plan;
  private final int threads;

  CasePreparation(PreparationPlan plan, int threads) {
    this.plan = plan;
    this.threads = threads;
  }

  /** Prepares one case and writes it to {@code target}. */
  void prepare(RawScan scan, CaseFacts facts, String key, PreparedFiles target) throws IOException {
    GridShape shape = facts.shape();
    CaseGeometry geometry = geometry(scan, facts);
    CropBox box = facts.crop();
    List<float[]> channels = new ArrayList<>(scan.image());
    byte[] labels = scan.labels();
    NonZeroRegion.of(shape, channels).markOutside(labels);
    labels =
        Resampler.labels(
            NonZeroRegion.crop(labels, shape, box),
            box.shape(),
            geometry.preparedShape(),
            geometry.separateAxis(),
            threads);
    for (int channel = 0; channel < channels.size(); channel++) {
      float[] voxels = NonZeroRegion.crop(channels.get(channel), shape, box);
      channels.set(channel, new float[0]);
      voxels =
          Resampler.image(
              voxels, box.shape(), geometry.preparedShape(), geometry.separateAxis(), threads);
      IntensityScaling.apply(plan.normalization().get(channel), voxels, labels);
      channels.set(channel, voxels);
    }
    ClassLocations locations = ClassLocations.of(String.join(" ", facts.digests()), labels);
    PreparedCase.Description description =
        new PreparedCase.Description(
            facts.id(), channels.size(), geometry, locations.voxels(), locations.counts());
    scan.checkContent(facts.digests());
    target.write(key, description, channels, labels, locations.indices());
  }

  private CaseGeometry geometry(RawScan scan, CaseFacts facts) {
    Spacing spacing = facts.spacing();
    return new CaseGeometry(
        scan.grid(),
        facts.crop(),
        Resampler.shapeAt(facts.crop().shape(), spacing, plan.spacing()),
        plan.spacing(),
        Resampler.separateAxis(spacing, plan.spacing()));
  }

  /**
   * Bytes of memory at the worst moment of checking or preparing a case, with a tenth on top.
   *
   * @param raw shape as stored
   * @param cropped shape of its non-zero region, or {@code raw} when that is not known yet
   */
  static long memoryBytes(
      GridShape raw, GridShape cropped, Spacing spacing, Spacing target, int channels) {
    long whole = Float.BYTES * raw.voxels();
    long part = cropped.equals(raw) ? 0 : Float.BYTES * cropped.voxels();
    long preparedVoxels = Resampler.shapeAt(cropped, spacing, target).voxels();
    long prepared = Float.BYTES * preparedVoxels;
    long worst = channels * whole + 2 * raw.voxels();
    for (int done = 0; done < channels; done++) {
      long others = (channels - 1 - done) * whole + done * prepared + preparedVoxels;
      worst = Math.max(worst, others + whole + part);
      worst = Math.max(worst, others + (part == 0 ? whole : part) + prepared);
    }
    return worst + worst / 10 + FIXED_BYTES;
  }
}
