package org.voxbench.workflows.cli.model;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.voxbench.steps.network.Format;
import org.voxbench.steps.network.Networks;
import org.voxbench.steps.network.Transfer;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What {@code model import} and {@code model export} share. */
final class TransferOptions {

  @Option(
      names = "--variant",
      paramLabel = "NETWORK",
      description =
          "the network the weights belong to: synapse, acdc, lung, tumor, nano or a network.json"
              + " (default: what the file says, else the published network that fits)")
  private @Nullable String variant;

  @Option(names = "--out", paramLabel = "FILE", required = true, description = "file to write")
  private Path out = Path.of("");

  @Option(names = "--force", description = "replace FILE if it exists")
  private boolean force;

  @Option(names = "--json", description = "print one JSON object instead")
  private boolean json;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  int transfer(Path source, Format format) throws IOException {
    Transfer done = Networks.transfer(source, variant, format, out, force);
    PrintWriter to = spec.commandLine().getOut();
    if (json) {
      to.println(Json.MAPPER.writeValueAsString(done));
    } else {
      to.printf("read     %s: %s%s%n", done.source(), done.form(), epoch(done));
      to.printf(
          Locale.ROOT,
          "network  %s, %d tensors, %d parameters%n",
          done.network(),
          done.size().tensors(),
          done.size().parameters());
      if (!done.conversion().isEmpty()) {
        to.printf("changed  %s%n", done.conversion());
      }
      for (int i = 0; i < done.plans().lines().size(); i++) {
        to.printf("%-8s %s%n", i == 0 ? "plans" : "", done.plans().lines().get(i));
      }
      done.plans().warnings().forEach(warning -> to.printf("warning  %s%n", warning));
      to.printf("wrote    %s%n", done.out());
    }
    to.flush();
    return ExitCode.DONE;
  }

  private static String epoch(Transfer done) {
    return done.epoch() < 0 ? "" : ", epoch " + done.epoch();
  }
}
