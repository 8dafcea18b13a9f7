package org.voxbench.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The TorchScript program of the resource folder {@code program}: text that libtorch compiles when
 * it is loaded. An archive is a zip of stored entries; no Python takes part.
 */
final class Program implements AutoCloseable {

  private static final String FOLDER = "program/";
  private static final List<String> FILES =
      List.of(
          "network.py",
          "attention.py",
          "layers.py",
          "loss.py",
          "recompute.py",
          "update.py",
          "fold.py");
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 0x02, 0x29, 0x2e};

  private final PtSymbolBlock block;

  private Program(PtSymbolBlock block) {
    this.block = block;
  }

  static Program load(PtNDManager manager) {
    try {
      InputStream archive = new ByteArrayInputStream(archive());
      return new Program(JniUtils.loadModule(manager, archive, false, false));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  IValue call(String method, IValue... arguments) {
    return IValueUtils.runMethod(block, method, arguments);
  }

  /**
   * Calls a method that needs the autograd graph: its arguments and its result are plain arrays.
   */
  NDArray train(PtNDManager scope, String method, NDList arguments) {
    NDArray name = scope.create(0);
    name.setName("module_method:" + method);
    NDList all = new NDList(arguments);
    all.add(name);
    return IValueUtils.forward(block, all, true).singletonOrThrow();
  }

  static byte[] archive() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      store(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
      store(zip, "constants.pkl", NO_CONSTANTS);
      store(zip, "data.pkl", emptyModule());
      store(zip, "code/__torch__.py", resource("program.py"));
      for (String file : FILES) {
        store(zip, "code/__torch__/" + file, resource(file));
      }
    }
    return bytes.toByteArray();
  }

  /**
   * Pickle of an instance of __torch__.Program with training = False and empty typed attributes.
   */
  private static byte[] emptyModule() {
    String tag = "ctorch.jit._pickle\nrestore_type_tag\n";
    String pickle =
        "\u0080\u0002c__torch__\nProgram\n)\u0081}("
            + (text("training") + "\u0089")
            + (text("weights") + tag + "}" + text("Dict[str, Tensor]") + "\u0086R")
            + (text("moments") + tag + "]" + text("List[Dict[str, Tensor]]") + "\u0086R")
            + "ub.";
    return pickle.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The BINUNICODE opcode: a length in four little-endian bytes, then ASCII. */
  private static String text(String value) {
    return "X" + (char) value.length() + "\0\0\0" + value;
  }

  private static byte[] resource(String file) throws IOException {
    try (InputStream in = Program.class.getResourceAsStream(FOLDER + file)) {
      if (in == null) {
        throw new IOException("the program file " + file + " is missing from this build");
      }
      return in.readAllBytes();
    }
  }

  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry("voxbench/" + name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  @Override
  public void close() {
    block.close();
  }
}
