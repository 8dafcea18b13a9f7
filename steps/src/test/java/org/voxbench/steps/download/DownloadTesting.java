package org.voxbench.steps.download;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.voxbench.steps.Resources;
import org.voxbench.steps.RunListener;
import org.voxbench.steps.StepContext;
import org.voxbench.steps.StopSignal;

/** A context for a download, and what it told. */
final class DownloadTesting implements RunListener {

  static final Map<Integer, String> CT_LABELS =
      Map.of(1, "liver", 2, "spleen", 3, "kidney", 4, "aorta", 5, "vessel");

  final List<String> notes = Collections.synchronizedList(new ArrayList<>());
  final List<Long> progress = Collections.synchronizedList(new ArrayList<>());

  StepContext context(Path output) throws IOException {
    return context(output, Optional.empty(), () -> false);
  }

  StepContext context(Path output, Optional<Path> earlier, StopSignal stop) throws IOException {
    Files.createDirectories(output);
    return new StepContext(
        Map.of(), output, earlier, this, stop, new Resources(1, 1L << 30, "cpu"));
  }

  static Download.Request phantom(int cases, long seed) {
    return request(new Source.Phantom("ct-abdomen", cases, seed));
  }

  static Download.Request request(Source source) {
    return new Download.Request("phantom-ct", List.of("CT"), CT_LABELS, source);
  }

  @Override
  public void metric(String key, double value, long step) {}

  @Override
  public void progress(String task, long done, long total) {
    progress.add(done);
  }

  @Override
  public void note(String sentence) {
    notes.add(sentence);
  }
}
