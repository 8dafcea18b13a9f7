package org.voxbench.workflows.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.voxbench.steps.StepName;

/**
 * Asks the steps' own request records whether they take the settings, since only they know which
 * combinations are legal, and gives their complaints a line.
 */
final class RequestCheck {

  private static final Pattern NAMED =
      Pattern.compile("([A-Za-z]\\w*(?:\\.\\w+)*): (.+)", Pattern.DOTALL);
  private static final Pattern COMPLAINT =
      Pattern.compile("expected (.+?),? but (?:was|found|got) (.+)");
  private static final Set<String> TOP =
      Set.of("seed", "preprocess", "train", "checkpoint", "evaluate");

  private final JsonMapper json = new JsonMapper();
  private final Map<StepName, Class<?>> requests;

  RequestCheck(Map<StepName, Class<?>> requests) {
    this.requests = Map.copyOf(requests);
  }

  List<Problem> problems(Experiment experiment, LocatedTree tree) {
    List<Problem> found = new ArrayList<>();
    for (StepName step : StepName.values()) {
      Class<?> type = requests.get(step);
      if (type != null) {
        try {
          json.treeToValue(experiment.request(step), type);
        } catch (JsonProcessingException e) {
          Problem problem = problem(e, tree);
          if (found.stream().noneMatch(known -> known.toString().equals(problem.toString()))) {
            found.add(problem);
          }
        }
      }
    }
    return found;
  }

  private static Problem problem(JsonProcessingException failure, LocatedTree tree) {
    TreePath path = TreePath.ROOT;
    if (failure instanceof JsonMappingException mapping) {
      for (JsonMappingException.Reference step : mapping.getPath()) {
        String key = step.getFieldName();
        path = key == null ? path.child(step.getIndex()) : path.child(key);
      }
    }
    if (!path.isRoot() && !TOP.contains(path.steps().get(0))) {
      path = TreePath.of("dataset").append(path);
    }
    Throwable cause =
        failure.getCause() instanceof IllegalArgumentException illegal ? illegal : failure;
    String text =
        cause == failure ? failure.getOriginalMessage() : String.valueOf(cause.getMessage());
    Matcher named = NAMED.matcher(text);
    String said = text.strip().replaceAll("\\s*\\R\\s*", " ");
    if (named.matches()) {
      path = joined(path, TreePath.of(named.group(1)), tree);
      said = named.group(2).strip().replaceAll("\\s*\\R\\s*", " ");
    }
    Matcher complaint = COMPLAINT.matcher(said);
    String expected = complaint.matches() ? complaint.group(1) : "a legal setting";
    String found = complaint.matches() ? complaint.group(2) : said;
    return new Problem(tree.valueAt(path), path.toString(), expected, found, "");
  }

  /** The record names its setting from itself or from its step; the overlap is written once. */
  private static TreePath joined(TreePath outer, TreePath named, LocatedTree tree) {
    for (int kept = outer.steps().size(); kept >= 0; kept--) {
      TreePath whole = new TreePath(outer.steps().subList(0, kept)).append(named);
      JsonNode value = tree.at(whole);
      if (!value.isMissingNode()) {
        return whole;
      }
    }
    return outer.append(named);
  }
}
