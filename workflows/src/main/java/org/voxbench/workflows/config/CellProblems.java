package org.voxbench.workflows.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.voxbench.workflows.config.CellGrid.Draft;

/**
 * What is wrong with the cells of a sweep: each thing once, however many cells have it, and where
 * the sweep says it if the sweep does.
 */
final class CellProblems {

  private final LocatedTree sweep;
  private final String source;
  private final Map<Problem, List<String>> found = new LinkedHashMap<>();

  /**
   * @param sweep its file's content
   * @param source the file as messages show it
   */
  CellProblems(LocatedTree sweep, String source) {
    this.sweep = sweep;
    this.source = source;
  }

  void add(Draft draft, String label, List<Problem> problems) {
    for (Problem problem : problems) {
      Location here = located(draft, problem);
      Problem moved =
          new Problem(here, problem.path(), problem.expected(), problem.found(), problem.remedy());
      found.computeIfAbsent(moved, any -> new ArrayList<>()).add(label);
    }
  }

  /** Throws when there is anything. */
  void refuse() {
    if (found.isEmpty()) {
      return;
    }
    List<Problem> problems = new ArrayList<>();
    found.forEach((problem, labels) -> problems.add(named(problem, labels)));
    problems.sort(
        Comparator.comparing((Problem problem) -> !problem.location().source().equals(source))
            .thenComparing(Problem::location));
    throw new ConfigurationException(problems);
  }

  private Problem named(Problem problem, List<String> labels) {
    String where =
        (labels.size() == 1 ? "in the cell " : "in " + labels.size() + " cells, first ")
            + labels.get(0)
            + " of "
            + source;
    String remedy = problem.remedy().isEmpty() ? where : problem.remedy() + "; " + where;
    return new Problem(
        problem.location(), problem.path(), problem.expected(), problem.found(), remedy);
  }

  /** The place in the sweep that sets what is wrong; else where the experiment has it. */
  private Location located(Draft draft, Problem problem) {
    String path = problem.path();
    JsonNode value = draft.settings().get(path);
    while (value == null && path.contains(".")) {
      path = path.substring(0, path.lastIndexOf('.'));
      value = draft.settings().get(path);
    }
    if (value == null) {
      return problem.location();
    }
    for (TreePath candidate : candidates(draft, path)) {
      if (sweep.at(candidate).equals(value)) {
        return sweep.valueAt(candidate);
      }
    }
    return problem.location();
  }

  private List<TreePath> candidates(Draft draft, String setting) {
    List<TreePath> candidates = new ArrayList<>();
    TreePath include = TreePath.of("include");
    for (int i = 0; i < sweep.at(include).size(); i++) {
      candidates.add(include.child(i).child(setting));
    }
    TreePath matrix = TreePath.of("matrix");
    for (Map.Entry<String, JsonNode> axis : sweep.at(matrix).properties()) {
      TreePath choices = matrix.child(axis.getKey());
      if (axis.getKey().equals(setting)) {
        for (int i = 0; i < axis.getValue().size(); i++) {
          candidates.add(choices.child(i));
        }
      }
      String choice = draft.values().get(axis.getKey());
      if (choice != null && axis.getValue().isObject()) {
        candidates.add(choices.child(choice).child("set").child(setting));
        candidates.add(choices.child(choice).child("data").child("set").child(setting));
      }
    }
    candidates.add(TreePath.of("set").child(setting));
    return candidates;
  }
}
