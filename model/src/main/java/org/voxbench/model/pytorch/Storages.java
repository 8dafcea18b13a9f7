package org.voxbench.model.pytorch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open checkpoint file: its pickle, and the numbers that lie beside it. */
interface Storages extends Closeable {

  /** The value of the pickle. */
  Object value();

  /** The bytes of a storage, little-endian, checked to be as many as it says. */
  ByteBuffer read(Storage storage) throws IOException;

  /** Name of the form, for people. */
  String form();
}
