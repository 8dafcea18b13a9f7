package org.voxbench.steps.evaluate;

import java.util.List;
import org.voxbench.steps.volume.Grid;
import org.voxbench.steps.volume.GridShape;
import org.voxbench.steps.volume.Spacing;

/** Scores one case after the other by the policy. */
final class CaseScoring {

  private final List<Structure> structures;

  CaseScoring(List<Structure> structures) {
    this.structures = List.copyOf(structures);
  }

  /**
   * Scores a prediction.
   *
   * @param truth class per voxel of the grid
   * @param prediction likewise
   */
  CaseScore score(String name, Grid grid, byte[] truth, byte[] prediction) {
    Lattice lattice = Lattice.of(grid.shape().toArray(), grid.spacing().toArray());
    Confusion confusion = new Confusion(truth, prediction, lattice);
    return new CaseScore(
        name,
        "",
        shape(grid.shape()),
        spacing(grid.spacing()),
        structures.stream().parallel().map(structure -> score(structure, confusion)).toList());
  }

  /** The worst scores for a case of which the image's grid is known. */
  CaseScore failed(String name, String reason, Grid grid) {
    double diagonal = Lattice.of(grid.shape().toArray(), grid.spacing().toArray()).diagonal();
    return new CaseScore(
        name, reason, shape(grid.shape()), spacing(grid.spacing()), failed(diagonal));
  }

  /** The worst scores for a case of which nothing could be read. */
  CaseScore failed(String name, String reason, double diagonal) {
    return new CaseScore(name, reason, List.of(), List.of(), failed(diagonal));
  }

  private List<StructureScore> failed(double diagonal) {
    return structures.stream().map(one -> StructureScore.failed(one.key(), diagonal)).toList();
  }

  private static StructureScore score(Structure structure, Confusion confusion) {
    long truth = confusion.truthVoxels(structure);
    long prediction = confusion.predictionVoxels(structure);
    long shared = confusion.sharedVoxels(structure);
    int[] truthSurface = confusion.truthSurface(structure);
    int[] predictionSurface = confusion.predictionSurface(structure);
    double publishedDice = Dice.asPublished(truth, prediction, shared);
    if (truth == 0 || prediction == 0) {
      int[] only = truth > 0 ? truthSurface : predictionSurface;
      return oneSided(structure, confusion.lattice(), truth, prediction, only);
    }
    Lattice lattice = confusion.lattice();
    HausdorffDistance mm = HausdorffDistance.between(truthSurface, predictionSurface, lattice);
    HausdorffDistance voxels =
        HausdorffDistance.between(truthSurface, predictionSurface, lattice.inVoxels());
    return new StructureScore(
        structure.key(),
        Outcome.MEASURED,
        truth,
        prediction,
        Dice.of(truth, prediction, shared),
        new Distances(mm.maximum(), mm.percentile95(), mm.mean()),
        new AsPublished(publishedDice, voxels.percentile95()),
        place(lattice, mm.farthest()));
  }

  private static StructureScore oneSided(
      Structure structure, Lattice lattice, long truth, long prediction, int[] surface) {
    boolean absent = truth + prediction == 0;
    return new StructureScore(
        structure.key(),
        absent ? Outcome.ABSENT : truth > 0 ? Outcome.MISSED : Outcome.INVENTED,
        truth,
        prediction,
        absent ? null : 0.0,
        absent ? null : Distances.worst(lattice.diagonal()),
        new AsPublished(Dice.asPublished(truth, prediction, 0), 0),
        absent ? List.of() : place(lattice, surface[surface.length / 2]));
  }

  private static List<Integer> place(Lattice lattice, int voxel) {
    return List.of(lattice.z(voxel), lattice.y(voxel), lattice.x(voxel));
  }

  private static List<Integer> shape(GridShape shape) {
    return List.of(shape.z(), shape.y(), shape.x());
  }

  private static List<Double> spacing(Spacing spacing) {
    return List.of(spacing.z(), spacing.y(), spacing.x());
  }
}
