package org.voxbench.steps;

/** Told in plain values how a step goes. Telling never fails and never waits for a network. */
public interface RunListener {

  /**
   * One point of a curve.
   *
   * @param key dotted name with its step first, such as {@code train.loss}; letters, digits and
   *     {@code _ - . /}
   * @param value may be NaN or infinite
   * @param step the x axis: an iteration or epoch, at least 0
   */
  void metric(String key, double value, long step);

  /**
   * How far a unit of long work has come.
   *
   * @param task what is being done, such as {@code cases} or {@code iterations}
   * @param done units finished
   * @param total units in all, at least 1
   */
  void progress(String task, long done, long total);

  /** One sentence for the user: a warning, a decision taken, what was reused. */
  void note(String sentence);
}
