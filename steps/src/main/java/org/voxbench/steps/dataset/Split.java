package org.voxbench.steps.dataset;

import java.util.List;

/**
 * Which cases are learnt from and which are held out.
 *
 * @param training case ids, ascending
 * @param validation case ids, ascending
 */
public record Split(List<String> training, List<String> validation) {

  public Split {
    training = training.stream().sorted().toList();
    validation = validation.stream().sorted().toList();
  }
}
