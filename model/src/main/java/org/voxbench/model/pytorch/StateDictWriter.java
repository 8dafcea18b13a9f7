package org.voxbench.model.pytorch;

import java.io.IOException;
import java.nio.file.Path;
import org.voxbench.model.Weights;

/** The zip form of {@code torch.save(network.state_dict(), FILE)}. */
final class StateDictWriter {

  private StateDictWriter() {}

  static void write(Weights weights, Path file) throws IOException {
    PickleWriter pickle = new PickleWriter();
    pickle.global("collections", "OrderedDict").op(Opcode.EMPTY_TUPLE).op(Opcode.REDUCE);
    pickle.op(Opcode.MARK);
    weights.tensors().forEach((name, tensor) -> pickle.text(name).tensor(tensor));
    pickle.op(Opcode.SETITEMS);
    try (StoredArchive archive = new StoredArchive(file, "archive")) {
      archive.put("data.pkl", pickle.finished());
      archive.put("byteorder", "little");
      archive.put(pickle.storages());
      archive.put("version", "3\n");
      archive.publish();
    }
  }
}
