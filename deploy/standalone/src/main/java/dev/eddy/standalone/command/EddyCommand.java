package dev.eddy.standalone.command;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The root of the command line. */
@Command(
    name = "eddy",
    description = "Eddy: a vector database whose write-ahead log is Apache Kafka.",
    subcommands = {
      StartCommand.class,
      KafkaCommand.class,
      IndexNodeCommand.class,
      QueryNodeCommand.class,
      IngestCommand.class,
      StatusCommand.class,
      HelpCommand.class
    },
    footer = {
      "",
      "Everything on this machine:      eddy start",
      "What the cluster is doing:       eddy status",
      "Help on one word:                eddy help start",
      "",
      "Exit codes: 0 done, 1 could not start or failed, 2 wrong usage,",
      "130 and 143 stopped by Ctrl-C and by SIGTERM."
    })
public final class EddyCommand {
  private static final String CONFIG = "--config";
  private static final int WRONG_USAGE = 2;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean isHelpWanted;

  /** Runs one command line and returns the process's exit code. */
  public static int execute(String[] args) {
    CommandLine line = new CommandLine(new EddyCommand());
    line.setUsageHelpAutoWidth(true);
    line.setExecutionExceptionHandler((failure, command, parsed) -> {
      command.getErr().println("eddy: " + Sentences.of(failure));
      return failure instanceof WrongUsageException ? WRONG_USAGE : 1;
    });
    try {
      return line.execute(withConfig(args));
    } catch (ParameterException e) {
      line.getErr().println("eddy: " + e.getMessage());
      return WRONG_USAGE;
    }
  }

  /** Options of a file come before those of the command line, which win. */
  private static String[] withConfig(String[] args) {
    String file = configFile(args);
    if (file == null) {
      return args;
    }
    List<String> all = new ArrayList<>();
    all.add(args[0]);
    List<String> given = List.of(args);
    for (String option : options(new File(file))) {
      String name = option.substring(0, option.indexOf('='));
      if (given.stream().noneMatch(arg -> arg.equals(name) || arg.startsWith(name + "="))) {
        all.add(option);
      }
    }
    all.addAll(given.subList(1, given.size()));
    return all.toArray(String[]::new);
  }

  /** Both forms that the command line has: {@code --config FILE} and {@code --config=FILE}. */
  private static @Nullable String configFile(String[] args) {
    for (int i = 1; i < args.length; i++) {
      if (args[i].equals(CONFIG) && i + 1 < args.length) {
        return args[i + 1];
      }
      if (args[i].startsWith(CONFIG + "=")) {
        return args[i].substring(CONFIG.length() + 1);
      }
    }
    return null;
  }

  private static List<String> options(File file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file.toPath())) {
      properties.load(reader);
    } catch (NoSuchFileException e) {
      throw new ParameterException(
          new CommandLine(new EddyCommand()), "config file " + file + " does not exist");
    } catch (IOException e) {
      throw new ParameterException(
          new CommandLine(new EddyCommand()),
          "config file " + file + " can't be read: " + e.getMessage());
    }
    return properties.stringPropertyNames().stream()
        .sorted()
        .map(key -> "--" + key + "=" + properties.getProperty(key).strip())
        .toList();
  }
}
