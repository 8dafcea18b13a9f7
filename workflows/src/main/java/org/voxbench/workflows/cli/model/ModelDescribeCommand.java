package org.voxbench.workflows.cli.model;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.voxbench.steps.network.Description;
import org.voxbench.steps.network.Networks;
import org.voxbench.workflows.Json;
import org.voxbench.workflows.cli.shared.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a network layer by layer. */
@Command(
    name = "describe",
    mixinStandardHelpOptions = true,
    description = "Prints layers, shapes, parameters, FLOPs and estimated training memory.",
    footer = {
      "",
      "FLOPs are multiply-adds of one patch as fvcore counts them. The memory is an estimate of the",
      "peak of a process that trains on the CPU with SGD and batch 1, good to 15 %."
    })
final class ModelDescribeCommand implements Callable<Integer> {

  private static final int NAME_WIDTH = 42;

  @Parameters(
      paramLabel = "NETWORK",
      description =
          "synapse (also btcv), acdc, lung, tumor (also brats), nano; a network.json or the folder"
              + " it is in; or a weights file")
  private String network = "";

  @Option(names = "--json", description = "print one JSON object instead")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Description description = Networks.describe(network);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.MAPPER.writeValueAsString(description));
    } else {
      print(description, out);
    }
    out.flush();
    return ExitCode.DONE;
  }

  private static void print(Description description, PrintWriter out) {
    out.printf(
        "%s: input %s, output %s%n%n",
        description.network(), shape(description.input()), shape(description.output()));
    row(out, "layer", "output", "parameters", "FLOPs");
    for (Description.Layer layer : description.layers()) {
      row(
          out,
          layer.name(),
          shape(layer.output()),
          grouped(layer.parameters()),
          giga(layer.flops()));
    }
    row(out, "all", "", grouped(description.parameters()), giga(description.flops()));
    out.printf("%nestimated memory of training, batch 1%n");
    for (Description.Memory memory : description.training()) {
      out.printf(
          Locale.ROOT,
          "%-10s%-12s%8.2f GB%n",
          memory.precision(),
          memory.recompute() ? "recompute" : "",
          memory.bytes() / 1e9);
    }
  }

  private static void row(
      PrintWriter out, String name, String shape, String parameters, String flops) {
    out.printf("%-" + NAME_WIDTH + "s%-22s%14s%12s%n", name, shape, parameters, flops);
  }

  private static String shape(List<Integer> shape) {
    return shape.stream().map(String::valueOf).collect(Collectors.joining(" x "));
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
  }

  private static String giga(long flops) {
    return String.format(Locale.ROOT, "%.3f G", flops / 1e9);
  }
}
