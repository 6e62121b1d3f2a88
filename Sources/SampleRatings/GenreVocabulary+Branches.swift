extension GenreVocabulary {
  static let metal = GenreVocabulary(
    markers: """
      iron doom death skull blood blöd wrath requiem slaughter grave hellfire necro thrash inferno carnage crypt
      warhammer
      """,
    forms: [
      "{dark} {thing}", "{thing} of {evil}", "{surname}'s {evil}", "{dark} {evil}", "{dark} {surname}",
      "The {dark} {thing}", "{place} {evil}", "{first}'s {dark} {thing}",
    ],
    lists: [
      "dark": "Iron, Doom, Death, Skull, Blood, Blöd, Hellfire, Necro, Thrash, Grave, Warhammer, Crypt",
      "evil": "Wrath, Requiem, Slaughter, Carnage, Inferno, Doom, Death, Blood, Hellfire",
    ])

  static let classical = GenreVocabulary(
    markers: """
      philharmonic symphony chamber sinfonia sonata baroque cantata opera strings consort philharmonia concerto camerata
      """,
    forms: [
      "{place} {body}", "The {surname} {body}", "Strings of {place}", "{first} {surname}, {role}",
      "{place} {thing} {body}", "{first} {surname} & the {place} {body}",
    ],
    lists: [
      "body": """
      Philharmonic, Symphony Orchestra, Chamber Orchestra, Sinfonia, Baroque Soloists, Cantata Choir, Opera Chorus,
      Consort of Viols, Philharmonia, Chamber Choir, Camerata
      """,
      "role": "Opera Soprano, Sonata Recital, Concerto Soloist, Baroque Lute, Opera Tenor, Baroque Flute",
    ])

  static let electronic = GenreVocabulary(
    markers: "dj techno synth circuit modular electro voltage bass oscillator 808 rave sequencer acid house",
    forms: [
      "DJ {surname}", "DJ {thing}", "{volt} {thing}", "{thing} {unit}", "DJ {first} {surname}", "{place} {unit}",
      "{surname} vs. DJ {surname}", "{first}'s {volt} {thing}",
    ],
    lists: [
      "volt": "Techno, Synth, Circuit, Modular, Electro, Voltage, Acid, Sequencer, 808",
      "unit": """
      Techno Unit, Synth System, Circuit, Voltage, Oscillator, Electro Lab, Rave Committee, Bass Division, House
      Project
      """,
    ])

  static let ambient = GenreVocabulary(
    markers: "drone stillness drift tape slow hush nocturne fog field-recordings aurora weightless murmur",
    forms: [
      "{calm} {thing}", "{thing} {state}", "{place} {state}", "{calm} {thing}, {calm} {thing}",
      "{first} {surname}: {state}",
      "A {calm} {thing}",
    ],
    lists: [
      "calm": "Slow, Weightless, Drone, Fog, Aurora, Hush, Nocturne, Murmur",
      "state": "Stillness, Drift, in Slow Motion, Tape Loops, Nocturne, Hush, Field-Recordings, Murmur, Drone",
    ])

  static let punk = GenreVocabulary(
    markers: "riot punks rejects anarchy brats spit vandals '77 '82 mohawk punk dropouts pogo",
    forms: [
      "The {surname} {mob}", "{place} {mob}", "'77 {thing}", "'82 {thing}", "{first} {rude}", "Riot in {place}",
      "The {thing} {mob}", "{first} {surname} & the {mob}",
    ],
    lists: [
      "mob": "Rejects, Punks, Brats, Vandals, Riot Squad, Anarchy Club, Dropouts, Pogo Army",
      "rude": "Riot, Spit, Mohawk, Anarchy, Pogo",
    ])

  static let indie = GenreVocabulary(
    markers: "indie bedroom lo-fi shoegaze mixtape cardigan awkward polaroid thrift teenage dreampop sad",
    forms: [
      "{shy} {thing}", "{first}'s {shy} {thing}", "{first} & the {shy} {thing}", "{shy} {surname}",
      "{thing} {thing} {tape}",
      "{surname}'s {tape}", "My {shy} {thing}",
    ],
    lists: [
      "shy": "Bedroom, Lo-Fi, Awkward, Polaroid, Thrift Store, Teenage, Sad, Cardigan, Indie",
      "tape": "Mixtape, Shoegaze, Dreampop, Polaroid, Cardigan, Lo-Fi",
    ])

  static let pop = GenreVocabulary(
    markers: "pop sweethearts starlet boyz girlz hearts sugar bubblegum glitter kisses sparkle disco idol",
    forms: [
      "{sweet} {first}", "{first} & the {fans}", "The {thing} {fans}", "{sweet} {thing}",
      "{first} {surname} & the {fans}",
      "{place} {fans}", "{sweet} {first} {surname}", "{first} \"{nick}\" {surname}",
    ],
    lists: [
      "sweet": "Pop, Sugar, Bubblegum, Glitter, Sparkle, Disco",
      "fans": "Sweethearts, Boyz, Girlz, Pop Kisses, Sugar Hearts, Glitter Kids, Pop Idol Club, Starlet Sisters",
      "nick": "Sugar, Sparkle, Bubblegum, Glitter, Starlet, Disco",
    ])

  static let rock = GenreVocabulary(
    markers: "rock amplifier amps stadium rockers guitars riff highway overdrive rollers feedback stratos loud",
    forms: [
      "{first} {surname} & the {band}", "The {thing} {band}", "{loud} {thing}", "The {surname} {band}",
      "{surname} {drive}",
      "{place} {drive}", "{loud} {surname}",
    ],
    lists: [
      "loud": "Stadium, Highway, Amplifier, Riff, Feedback, Loud, Overdrive",
      "band": "Rockers, Stadium Band, Loud Guitars, Rock Band, Highway Band, Amps, Rollers",
      "drive": "Overdrive, Highway, Feedback, Rock Revival, Amplifier",
    ])
}
