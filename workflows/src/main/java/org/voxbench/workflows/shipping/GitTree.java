package org.voxbench.workflows.shipping;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A git work tree, read through the {@code git} program; what a repository may have it run, such as
 * hooks, programs for diffs and file system monitors, is off.
 */
final class GitTree {

  private static final long PATIENCE_SECONDS = 10;
  private static final int LONGEST_PATCH = 4 << 20;

  private final Path root;
  private final String commit;

  private GitTree(Path root, String commit) {
    this.root = root;
    this.commit = commit;
  }

  /** The work tree that a folder lies in; none without git, without a commit, or outside of any. */
  static Optional<GitTree> of(Path folder) {
    Optional<String> root = git(folder, "rev-parse", "--show-toplevel");
    return root.flatMap(
        top ->
            git(folder, "rev-parse", "--verify", "HEAD")
                .map(commit -> new GitTree(Path.of(top.strip()), commit.strip())));
  }

  String relative(Path file) {
    try {
      return root.toRealPath().relativize(file.toRealPath()).toString();
    } catch (IOException | IllegalArgumentException elsewhere) {
      return String.valueOf(file.getFileName());
    }
  }

  /** Writes down commit, branch, whether it was changed since, and where it was cloned from. */
  void describe(ObjectNode facts) {
    facts.put("commit", commit);
    git(root, "symbolic-ref", "--short", "-q", "HEAD")
        .ifPresent(branch -> facts.put("branch", branch.strip()));
    git(root, "status", "--porcelain", "--untracked-files=no")
        .ifPresent(changes -> facts.put("dirty", !changes.isBlank()));
    git(root, "config", "--get", "remote.origin.url")
        .ifPresent(remote -> facts.put("remote", withoutCredentials(remote.strip())));
  }

  static String withoutCredentials(String remote) {
    return remote.replaceFirst("^([a-z+]+://)[^/@]*@", "$1");
  }

  /** What was changed since the commit in the files that git knows; empty for nothing. */
  String patch() {
    String patch = git(root, "diff", "--no-ext-diff", "--no-textconv", "HEAD").orElse("");
    return patch.length() <= LONGEST_PATCH
        ? patch
        : patch.substring(0, LONGEST_PATCH) + "\n[cut after 4 MiB]\n";
  }

  private static Optional<String> git(Path folder, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git", "-c", "core.fsmonitor=false"));
    command.addAll(List.of("-c", "core.hooksPath=/dev/null", "--no-pager", "-C"));
    command.add(folder.toString());
    command.addAll(List.of(arguments));
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.environment().put("GIT_OPTIONAL_LOCKS", "0");
      builder.environment().put("GIT_TERMINAL_PROMPT", "0");
      Process process = builder.start();
      process.getOutputStream().close();
      return answer(process);
    } catch (IOException noGit) {
      return Optional.empty();
    }
  }

  private static Optional<String> answer(Process process) {
    CompletableFuture<String> text =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                byte[] bytes = process.getInputStream().readAllBytes();
                return new String(bytes, StandardCharsets.UTF_8);
              } catch (IOException closed) {
                return "";
              }
            });
    try {
      String said = text.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      boolean well = process.waitFor(1, TimeUnit.SECONDS) && process.exitValue() == 0;
      return well ? Optional.of(said) : Optional.empty();
    } catch (TimeoutException | ExecutionException tooLong) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      process.destroyForcibly();
    }
  }
}
