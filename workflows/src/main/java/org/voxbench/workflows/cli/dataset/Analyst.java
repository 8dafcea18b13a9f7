package org.voxbench.workflows.cli.dataset;

import java.io.IOException;
import org.voxbench.steps.dataset.RawDataset;
import org.voxbench.steps.preprocess.DatasetAnalysis;
import org.voxbench.steps.preprocess.Fingerprint;
import org.voxbench.steps.preprocess.Preprocess;

/**
 * A dataset that was measured once.
 *
 * @param dataset as it was named
 * @param request what was asked of it, modalities and labels known
 */
record Analyst(DatasetArgument dataset, Preprocess.Request request, Fingerprint fingerprint) {

  static Analyst of(DatasetArgument dataset, RawScans scans) throws IOException {
    RawDataset raw = RawDataset.open(scans.folder(dataset));
    Preprocess.Request request = dataset.preprocess(raw);
    Fingerprint fingerprint =
        DatasetAnalysis.fingerprint(raw, request, scans.context(dataset.resources()));
    return new Analyst(dataset, request, fingerprint);
  }
}
