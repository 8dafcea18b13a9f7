package org.voxbench.tracking;

import org.mlflow.api.proto.Service.RunStatus;

/** How a run ended, in MLflow's words. */
public enum RunEnd {
  FINISHED(RunStatus.FINISHED),
  FAILED(RunStatus.FAILED),
  /** Stopped by its user. */
  KILLED(RunStatus.KILLED);

  final RunStatus status;

  RunEnd(RunStatus status) {
    this.status = status;
  }
}
