package dev.eddy.text.inference;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.Excerpt;
import dev.eddy.model.point.Vector;
import java.util.Locale;
import java.util.Set;

/** Makes vectors of documents. Thread-safe. */
public final class Inference {
  /** The model that is built in. */
  public static final String BM25 = "qdrant/bm25";

  /** What clients call it, in lower case: its name is compared without regard to case. */
  private static final Set<String> BM25_NAMES = Set.of(BM25, "bm25");

  /** Characters of a client's name that an error quotes. */
  private static final int NAME_MAX = 100;

  private static final Bm25Models MODELS = new Bm25Models();

  private Inference() {}

  /**
   * The vector of a document: indices ascending, finite values above 0; empty when no token is left
   * of the text.
   *
   * @param path of the document in the request, for the error's text
   * @throws EddyException INFERENCE when the model is not served or an option breaks its rules
   */
  public static Vector.Sparse vector(Document document, Purpose purpose, String path) {
    if (!BM25_NAMES.contains(document.model().toLowerCase(Locale.ROOT))) {
      throw refusal(path, "model \"%s\" is not served".formatted(shortened(document.model())));
    }
    Bm25 model = MODELS.of(new Bm25OptionsReader(path + ".options").read(document.options()));
    return switch (purpose) {
      case STORED -> model.stored(document.text());
      case ASKED -> model.asked(document.text());
    };
  }

  /**
   * The refusal of something else than a text.
   *
   * @param path of it in the request
   * @param what for instance {@code image}
   */
  public static EddyException unsupported(String path, String what) {
    return refusal(path, "an " + what + " can't be made a vector");
  }

  private static EddyException refusal(String path, String why) {
    return EddyException.inference(path, "%s; there is %s, for texts".formatted(why, BM25));
  }

  static String shortened(String name) {
    return Excerpt.of(name, NAME_MAX);
  }
}
