package org.voxbench.steps.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.voxbench.steps.PermanentStepException;

/**
 * All scores of one evaluation: what {@code scores.json} holds.
 *
 * @param format raised when the file changes its meaning
 * @param split how the cases were split: {@code listed}, {@code random} or {@code same}
 * @param policy the rules behind the figures, one sentence each, to be printed beside them
 * @param counts expected, evaluated and failed cases
 * @param published means over the published structures
 * @param all means over all structures
 * @param structures one per class and region, in the order of the request
 * @param cases one per expected case, by name
 */
public record Scores(
    int format,
    String split,
    List<String> policy,
    CaseCounts counts,
    Overall published,
    Overall all,
    List<StructureSummary> structures,
    List<CaseScore> cases) {

  /** The file below the step's output folder. */
  public static final String FILE = "scores.json";

  private static final int FORMAT = 1;

  static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /**
   * How many cases there are.
   *
   * @param expected cases of the validation split: the denominator
   * @param evaluated cases that have a prediction
   * @param failed cases that count with the worst scores
   */
  public record CaseCounts(int expected, int evaluated, int failed) {}

  public Scores {
    policy = List.copyOf(policy);
    structures = List.copyOf(structures);
    cases = List.copyOf(cases);
  }

  static Scores of(String split, List<Structure> structures, List<CaseScore> cases) {
    List<StructureSummary> summaries =
        structures.stream().map(structure -> StructureSummary.of(structure, cases)).toList();
    int failed = (int) cases.stream().filter(CaseScore::failed).count();
    return new Scores(
        FORMAT,
        split,
        Policy.SENTENCES,
        new CaseCounts(cases.size(), cases.size() - failed, failed),
        Overall.of(summaries, true),
        Overall.of(summaries, false),
        summaries,
        cases);
  }

  /**
   * Reads the scores in an evaluate step's output folder.
   *
   * @throws PermanentStepException when the file is of another format
   */
  public static Scores read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    Scores scores = JSON.readValue(Files.readAllBytes(file), Scores.class);
    if (scores.format() != FORMAT) {
      throw new PermanentStepException(
          file
              + ": expected format "
              + FORMAT
              + " but found "
              + scores.format()
              + "; run evaluate again");
    }
    return scores;
  }
}
