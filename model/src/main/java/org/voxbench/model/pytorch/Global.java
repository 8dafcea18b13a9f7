package org.voxbench.model.pytorch;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A name that a pickle may ask for. None of them is code: each stands for a value that the reader
 * makes itself.
 *
 * @param name full name in Python
 * @param meaning what the reader makes of a call
 * @param type of the numbers where it names a storage class
 */
record Global(String name, Meaning meaning, @Nullable ElementType type) {

  /** What calling the name gives. */
  enum Meaning {
    DICTIONARY,
    TENSOR,
    /** Its first argument is the tensor. */
    PARAMETER,
    STORAGE,
    /** Of text and encoding. */
    BYTES,
    NUMPY_TYPE,
    NUMPY_ARRAY,
    NUMPY_NUMBER,
    /** Something weights do not need: it is read over and forgotten. */
    INERT
  }

  private static final Map<String, Meaning> ALLOWED =
      Map.ofEntries(
          Map.entry("collections.OrderedDict", Meaning.DICTIONARY),
          Map.entry("torch._utils._rebuild_tensor", Meaning.TENSOR),
          Map.entry("torch._utils._rebuild_tensor_v2", Meaning.TENSOR),
          Map.entry("torch._utils._rebuild_parameter", Meaning.PARAMETER),
          Map.entry("_codecs.encode", Meaning.BYTES),
          Map.entry("numpy.dtype", Meaning.NUMPY_TYPE),
          Map.entry("numpy.core.multiarray._reconstruct", Meaning.NUMPY_ARRAY),
          Map.entry("numpy._core.multiarray._reconstruct", Meaning.NUMPY_ARRAY),
          Map.entry("numpy.core.multiarray.scalar", Meaning.NUMPY_NUMBER),
          Map.entry("numpy._core.multiarray.scalar", Meaning.NUMPY_NUMBER));

  /** Loss curves and settings of the optimizer that a training leaves beside its weights. */
  private static final Set<String> INERT =
      Set.of("collections.defaultdict", "numpy.ndarray", "torch.Size", "torch.device");

  /** The global of that name where it is allowed, else null. */
  static @Nullable Global find(String module, String name) {
    String full = module + "." + name;
    Meaning meaning = ALLOWED.get(full);
    if (meaning != null) {
      return new Global(full, meaning, null);
    }
    if (INERT.contains(full)) {
      return new Global(full, Meaning.INERT, null);
    }
    ElementType type =
        module.equals("torch") || module.equals("torch.cuda") ? ElementType.ofStorage(name) : null;
    return type == null ? null : new Global(full, Meaning.STORAGE, type);
  }
}
