package org.voxbench.workflows.cli.tracking;

import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.voxbench.tracking.Credentials;
import org.voxbench.tracking.check.Conformance;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.ServeProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks what a tracking server answers. */
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    description = {
      "Makes the calls of MLflow's clients on a tracking server and prints what it got wrong:",
      "the embedded one, started for it in a folder of its own, or the one at --uri.",
      "What it makes there it deletes again."
    })
final class TrackingConformanceCommand implements Callable<Integer> {

  @Option(names = "--uri", paramLabel = "URI", description = "any MLflow server instead")
  private @Nullable URI uri;

  @Option(names = "--json", description = "print a JSON array instead")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    List<Conformance.Row> rows;
    if (uri == null) {
      try (ServeProcess serve = ServeProcess.start()) {
        rows = new Conformance(serve.address(), serve.credentials()).check();
      }
    } else {
      rows = new Conformance(uri, Credentials.fromEnvironment(System.getenv())).check();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(rows));
    } else {
      for (Conformance.Row row : rows) {
        out.printf("%-8s%-14s%s%n", row.passed() ? "pass" : "FAIL", row.area(), row.check());
        if (!row.passed()) {
          out.println("        " + row.found());
        }
      }
      long passed = rows.stream().filter(Conformance.Row::passed).count();
      out.println(passed + " of " + rows.size() + " checks passed");
    }
    out.flush();
    return rows.stream().allMatch(Conformance.Row::passed) ? ExitCode.DONE : ExitCode.FAILED;
  }
}
