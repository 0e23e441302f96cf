package dev.eddy.bench.measure;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;

/** Rates over recall, as people compare indexes. Not thread-safe. */
public final class RecallPlot {
  private static final int WIDTH = 800;
  private static final int HEIGHT = 500;

  /** Below it nobody uses an index. */
  private static final double RECALL_MIN = 0.8;

  private final XYChart chart;

  /** A plot without curves. */
  public RecallPlot(String title) {
    chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("recall@10")
            .yAxisTitle("queries per CPU second")
            .build();
    Styler styler = chart.getStyler();
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setLegendPosition(Styler.LegendPosition.InsideNE);
    chart.getStyler().setYAxisLogarithmic(true).setXAxisMin(RECALL_MIN).setXAxisMax(1.0);
    chart.getStyler().setXAxisDecimalPattern("0.00").setYAxisDecimalPattern("#,##0");
  }

  /** Adds a curve, if any of it is worth showing. */
  public void add(String name, Map<Double, Double> rateByRecall) {
    List<Double> recalls = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    rateByRecall.forEach((recall, rate) -> {
      if (recall >= RECALL_MIN) {
        recalls.add(recall);
        rates.add(rate);
      }
    });
    if (!recalls.isEmpty()) {
      XYSeries series = chart.addSeries(name, recalls, rates);
      series.setLineStyle(new BasicStroke(2));
    }
  }

  /** Writes the plot as SVG. */
  public void write(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      VectorGraphicsEncoder.saveVectorGraphic(chart, out, VectorGraphicsFormat.SVG);
    }
  }
}
