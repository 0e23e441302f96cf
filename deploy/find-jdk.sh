# Sourced by the scripts that run Eddy: find_jdk prints the home of a JDK 25, or fails.

is_jdk_25() {
  [ -x "$1/bin/java" ] && grep -qs '^JAVA_VERSION="25' "$1/release"
}

find_jdk() {
  local candidate on_path
  if [ -n "${JAVA_HOME:-}" ] && is_jdk_25 "$JAVA_HOME"; then echo "$JAVA_HOME"; return; fi
  if on_path=$(command -v java); then
    on_path=$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")
    candidate=$(dirname "$(dirname "$on_path")")
    if is_jdk_25 "$candidate"; then echo "$candidate"; return; fi
  fi
  for candidate in /usr/lib/jvm/* /usr/java/* /opt/java/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.m2/jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_jdk_25 "$candidate"; then echo "$candidate"; return; fi
  done
  return 1
}
