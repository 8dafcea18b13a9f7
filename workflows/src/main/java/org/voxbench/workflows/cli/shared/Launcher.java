package org.voxbench.workflows.cli.shared;

import java.util.ArrayList;
import java.util.List;

/** Starts of Java as the launcher {@code ./voxbench} has them, for trials of whole commands. */
public final class Launcher {

  /** The class of the command line, for processes that are called like this one. */
  public static final String MAIN = "org.voxbench.workflows.cli.Main";

  private Launcher() {}

  /** The options of the JVM, the class path included. */
  public static List<String> options() {
    List<String> options =
        new ArrayList<>(List.of("-Xmx1g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    String archive = System.getProperty("voxbench.archive");
    if (archive != null) {
      options.add("-Xlog:disable");
      options.add("-XX:SharedArchiveFile=" + archive);
      options.add("-Dvoxbench.archive=" + archive);
    }
    options.addAll(List.of("-cp", System.getProperty("java.class.path")));
    return options;
  }
}
