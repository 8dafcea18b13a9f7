package org.voxbench.model.pytorch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.voxbench.model.UnetrPlusPlusConfig;
import org.voxbench.model.Weights;

/**
 * The program of this build with its weights, in one TorchScript archive: the network's own source,
 * a tree of modules that holds the weights under their published names, and a pickle of that tree.
 */
final class TorchScriptWriter {

  private static final String PROGRAM = "program/";
  private static final List<String> SOURCES =
      List.of("network.py", "attention.py", "layers.py", "update.py");

  private TorchScriptWriter() {}

  static void write(Weights weights, UnetrPlusPlusConfig network, Path file) throws IOException {
    weights
        .explainDifference(network)
        .ifPresent(
            difference -> {
              throw new IllegalArgumentException(
                  "the weights do not fit the network they are exported with: " + difference);
            });
    ModuleTree tree = ModuleTree.of(weights);
    PickleWriter pickle = new PickleWriter();
    tree.pickle(pickle);
    try (StoredArchive archive = new StoredArchive(file, "unetr_plus_plus")) {
      archive.put("data.pkl", pickle.finished());
      archive.put("code/__torch__.py", tree.root());
      archive.put("code/__torch__/parts.py", tree.parts());
      for (String source : SOURCES) {
        archive.put("code/__torch__/" + source, resource(source));
      }
      archive.put("constants.pkl", new PickleWriter().op(Opcode.EMPTY_TUPLE).finished());
      archive.put("byteorder", "little");
      archive.put(pickle.storages());
      archive.put("version", "3\n");
      archive.publish();
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = UnetrPlusPlusConfig.class.getResourceAsStream(PROGRAM + name)) {
      if (in == null) {
        throw new IOException("the program file " + name + " is missing from this build");
      }
      return in.readAllBytes();
    }
  }
}
