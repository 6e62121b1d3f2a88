import ALS
import Reporting

/// What is recommended.
extension ReportComposition {
  var popularity: Report.Section? {
    guard let popularities = material.popularities else { return nil }
    let shown = ItemSample(popularities: popularities, frequencies: material.frequencies)
    let text =
      "Each point is an item: how many users rated it, and in how many of"
      + " \(Quantity.counted(material.listedUsers.count, "list")) of \(material.count) it is."
      + " The most popular tenth of the items has \(Quantity.significant(100 * shown.popularShareOfRatings)) % of the"
      + " ratings and \(Quantity.significant(100 * shown.popularShareOfLists)) % of the recommendations."
      + (shown.isWhole ? "" : " Points are a sample of \(Quantity.grouped(shown.items.count)) items.")
      + " Items that nobody is recommended are left out here: \(Quantity.grouped(shown.neverRecommended))."
    return Report.Section(
      "Popularity and recommendations", text,
      [
        .points(
          ScatterChart(
            "Recommendations of items by their ratings", x: Axis("ratings of the item", isLogarithmic: true),
            y: Axis("lists with the item", isLogarithmic: true),
            points: shown.items.map { item in
              ScatterChart.Point(
                x: Double(popularities[item]), y: Double(material.frequencies[item]),
                name: "\(material.label(item)): \(Quantity.counted(popularities[item], "rating")), in"
                  + " \(Quantity.counted(material.frequencies[item], "list"))")
            }))
      ])
  }

  var coverage: Report.Section? {
    let lists = Concentration(material.frequencies)
    guard let lists else { return nil }
    var series = [LineChart.Series("recommendations", lists.curve)]
    if let ratings = material.popularities.flatMap({ Concentration($0) }) {
      series.append(LineChart.Series("ratings", ratings.curve))
    }
    return Report.Section(
      "Coverage",
      "What share of all recommendations goes to the most recommended items. The flatter the line, the more items get a chance:"
        + " \(Quantity.grouped(material.frequencies.count { $0 > 0 })) of"
        + " \(Quantity.counted(material.frequencies.count, "item")) are recommended to somebody, and half of all"
        + " recommendations are of \(Quantity.counted(lists.itemsOfHalf, "item")).",
      [
        .lines(
          LineChart(
            "Share of recommendations by share of items", x: Axis("% of items, the most frequent first"),
            y: Axis("% of all", startsAtZero: true), series: series
          ) { Quantity.significant($0) + " %" })
      ])
  }

  var recommendations: Report.Section? {
    guard !examples.users.isEmpty else { return nil }
    let tables = examples.users.map { user -> Report.Block in
      let list = material.list(of: user, count: material.count)
      let decimals = list.allSatisfy { $0.score.magnitude < 10 } ? 3 : 1
      var rows: [[ReportTable.Cell]] = []
      var caption = "User \(model.users[user])"
      if let ratings = material.ratings {
        let entries = ratings.entries(ofRow: user)
        caption += ", \(Quantity.counted(entries.count, "rating"))"
        var best = TopN(count: 5)
        for entry in entries { best.offer(row: Int(ratings.columnIndices[entry]), score: ratings.values[entry]) }
        rows += best.sorted.map {
          [.text("rated"), .text(material.label($0.row)), .number(Quantity.plain($0.score))]
        }
      }
      rows += list.enumerated().map { place, entry in
        [
          .text("\(place + 1)"), .text(material.label(entry.row)),
          .number(Quantity.fixed(Double(entry.score), decimals)),
        ]
      }
      return .table(
        ReportTable(
          caption: caption, columns: ["", "item", "rating or score"], rows: rows, softRows: rows.count - list.count))
    }
    return Report.Section(
      "Recommendations", "What some users rated highest, and what they are recommended.",
      [.row(tables, columns: 2)])
  }

  var neighbourhoods: Report.Section? {
    guard !examples.items.isEmpty else { return nil }
    let tables = examples.items.map { item -> Report.Block in
      let near = model.factors.mostSimilar(to: item, side: .item, count: 6)
      return .table(
        ReportTable(
          caption: material.label(item),
          rows: near.map {
            [.text(material.label($0.row)), .bar(Double($0.score), Quantity.fixed(Double($0.score), 2))]
          }))
    }
    return Report.Section(
      "Neighbourhoods", "The items most like some popular ones, by the cosine of the angle between their factors.",
      [.row(tables, columns: 3)])
  }
}
