package org.voxbench.workflows.cli.tracking;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.voxbench.tracking.transfer.Transfer;
import org.voxbench.workflows.Home;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import org.voxbench.workflows.cli.shared.HomeOption;
import org.voxbench.workflows.cli.shared.Interruption;
import org.voxbench.workflows.shipping.TrackingTarget;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What {@code tracking import} and {@code tracking export} share. */
final class TrackingCopy {

  private static final int MOST_REASONS = 20;

  @Option(
      names = "--uri",
      paramLabel = "URI",
      required = true,
      description = "the other tracking server, such as http://mlflow.example:5000")
  private URI uri = URI.create("http://127.0.0.1:5000");

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "copy this experiment; may be given more than once (default: all)")
  private List<String> experiments = new ArrayList<>();

  @Option(names = "--deleted", description = "copy deleted runs, too; they are deleted there")
  private boolean deleted;

  @Option(
      names = "--verify",
      description = "compare all that is marked as copied, and add what is missing")
  private boolean verify;

  @Option(
      names = "--patience",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "how long a server may fail before the command gives up (default: 120)")
  private long patience = 120;

  @Option(names = "--json", description = "print one JSON object instead")
  private boolean json;

  @Mixin private final HomeOption home = new HomeOption();

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  /**
   * Copies from or to the home folder.
   *
   * @param imports whether from the other server
   */
  int copy(boolean imports) throws IOException {
    if (patience < 0) {
      throw new ParameterException(
          spec.commandLine(), "--patience: expected 0 or more seconds but found " + patience);
    }
    Home folder = home.home().prepared();
    Transfer.Side other =
        new Transfer.Side(uri, new TrackingTarget(System.getenv()).credentials(uri));
    Interruption stop = Interruption.listening();
    stop.says("stopping; what is copied stays, and the same command goes on from there");
    try (EmbeddedTracking own = EmbeddedTracking.of(folder);
        TransferProgress progress = new TransferProgress(spec.commandLine().getErr())) {
      Transfer transfer =
          new Transfer(
              imports ? other : own.side(),
              imports ? own.side() : other,
              folder.transfers(),
              Duration.ofSeconds(patience));
      Transfer.Summary summary =
          transfer.copy(
              new Transfer.Request(experiments, deleted, verify), progress, stop::requested);
      progress.end();
      print(summary);
      return summary.isComplete()
          ? ExitCode.DONE
          : stop.requested() ? ExitCode.STOPPED : ExitCode.FAILED;
    } catch (IllegalStateException busy) {
      throw new IllegalArgumentException(busy.getMessage(), busy);
    } finally {
      stop.saved();
    }
  }

  private void print(Transfer.Summary summary) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(summary));
      out.flush();
      return;
    }
    out.printf("%-26s%14s%16s%10s%n", "", "copied", "there already", "refused");
    for (Transfer.Count count : summary.counts()) {
      out.printf(
          Locale.ROOT,
          "%-26s%,14d%,16d%,10d%n",
          count.what(),
          count.copied(),
          count.there(),
          count.refused());
    }
    summary.refused().stream()
        .limit(MOST_REASONS)
        .forEach(
            one -> out.println("refused: " + one.kind() + ": " + one.what() + ": " + one.why()));
    if (summary.refused().size() > MOST_REASONS) {
      out.println(
          "refused: " + (summary.refused().size() - MOST_REASONS) + " more; --json lists all");
    }
    out.println(
        summary.ended().isEmpty()
            ? "all was gone through"
            : "not finished: " + summary.ended() + "; the same command goes on from here");
    out.flush();
  }
}
