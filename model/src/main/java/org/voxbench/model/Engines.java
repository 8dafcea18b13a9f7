package org.voxbench.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.cuda.CudaUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Starts libtorch once per process, offline and silent, and chooses device and precision. */
final class Engines {

  /** Compute capability from which GPUs compute bfloat16 natively (Ampere). */
  private static final int AMPERE = 80;

  private static final String OWN_LIBRARY = "PYTORCH_LIBRARY_PATH";

  private Engines() {}

  /** A manager of memory on the device asked for; the caller closes it. */
  static synchronized PtNDManager open(Compute compute) {
    String cache = compute.cache().toAbsolutePath().toString();
    setUnlessSet("ENGINE_CACHE_DIR", cache);
    Natives.requireRoom(Path.of(valueOf("ENGINE_CACHE_DIR", cache)));
    setUnlessSet("DJL_CACHE_DIR", cache);
    setUnlessSet("OPT_OUT_TRACKING", "true");
    setUnlessSet("collect-telemetry", "false");
    setUnlessSet("ai.djl.offline", "true");
    // The optimizing executor would specialise the program to the first batches and recompile for
    // others.
    setUnlessSet("ai.djl.pytorch.graph_optimizer", "false");
    Engine engine = engine();
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setNumThreads(
        compute.threads() > 0 ? compute.threads() : Runtime.getRuntime().availableProcessors());
    return (PtNDManager) engine.newBaseManager(device(compute.device(), engine));
  }

  private static Engine engine() {
    String folder = System.getenv(OWN_LIBRARY);
    if (folder != null) {
      // Names the JNI library; for CUDA there is this one, whatever the version PyTorch is built
      // for.
      boolean cuda = Files.exists(Path.of(folder, System.mapLibraryName("torch_cuda")));
      setUnlessSet("PYTORCH_FLAVOR", cuda ? "cu128" : "cpu");
    }
    try {
      return Engine.getEngine("PyTorch");
    } catch (EngineException e) {
      String cause = e.getCause() == null ? "" : " (%s)".formatted(e.getCause().getMessage());
      throw new IllegalStateException(
          "libtorch%s cannot be loaded: %s%s%s"
              .formatted(
                  folder == null ? "" : " of " + OWN_LIBRARY, e.getMessage(), cause, cure(folder)),
          e);
    }
  }

  private static String cure(@Nullable String own) {
    return own == null
        ? "; delete the folder of natives to have it unpacked again"
        : "; it needs libtorch 2.7.1 and, for CUDA, NVIDIA's driver; without PYTORCH_LIBRARY_PATH the CPU computes (docs/gpu.md)";
  }

  static Precision resolve(Precision asked, Device device) {
    if (asked != Precision.AUTO) {
      return asked;
    }
    boolean bfloat16 =
        device.isGpu()
            ? Integer.parseInt(CudaUtils.getComputeCapability(device.getDeviceId())) >= AMPERE
            : processorHasBfloat16();
    return bfloat16 ? Precision.BFLOAT16 : Precision.FLOAT32;
  }

  private static Device device(Compute.Device asked, Engine engine) {
    int gpus = asked == Compute.Device.CPU ? 0 : engine.getGpuCount();
    if (asked == Compute.Device.CUDA && gpus == 0) {
      throw new IllegalStateException(
          "cuda was asked for but PyTorch %s sees no CUDA device here;"
                  .formatted(engine.getVersion())
              + " use device cpu or auto, or give it a CUDA build by PYTORCH_LIBRARY_PATH");
    }
    return gpus > 0 ? Device.gpu() : Device.cpu();
  }

  private static boolean processorHasBfloat16() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines.anyMatch(
          line ->
              (line.startsWith("flags") || line.startsWith("Features"))
                  && (line.contains("avx512_bf16")
                      || line.contains("amx_bf16")
                      || line.contains(" bf16")));
    } catch (IOException e) {
      return false;
    }
  }

  private static String valueOf(String name, String otherwise) {
    String environment = System.getenv(name);
    return environment == null ? System.getProperty(name, otherwise) : environment;
  }

  private static void setUnlessSet(String name, String value) {
    if (System.getenv(name) == null && System.getProperty(name) == null) {
      System.setProperty(name, value);
    }
  }
}
