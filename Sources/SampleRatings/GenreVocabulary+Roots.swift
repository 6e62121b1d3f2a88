extension GenreVocabulary {
  static let jazz = GenreVocabulary(
    markers: """
      jazz quartet quintet trio sextet septet octet swing swingtet bebop bop jazzmen ragtime dixieland sax scat
      """,
    forms: [
      "{first} {surname} {group}", "The {mood} {group}", "{first} \"{nick}\" {surname}", "The {surname} {group}",
      "{place} {mood} {group}", "{first} {surname} & the {mood} {group}", "{surname}, {surname} & {surname} Trio",
    ],
    lists: [
      "group": """
      Quartet, Quintet, Trio, Sextet, Septet, Octet, Swingtet, Jazz Orchestra, Jazz Messengers, Bop Combo, Jazzmen
      """,
      "mood": """
      Blue Note, Midnight, Uptown, Cool Cat, After Hours, Satin Doll, Smoky Room, Velvet Lounge, Late Set, Brass
      Rail
      """,
      "nick": "Bebop, Sax, Swing, Scat, Ragtime, Dixieland, Bop",
    ])

  static let blues = GenreVocabulary(
    markers: "blues mojo delta blind howlin' slim muddy bottleneck juke bluesmen boogie hoodoo bluesman",
    forms: [
      "{moniker} {first} {surname}", "{first} \"{nick}\" {surname}", "{place} {band}", "{first} {surname}'s {band}",
      "The {thing} {band}", "{surname} & the {band}",
    ],
    lists: [
      "moniker": "Blind, Howlin', Muddy, Bottleneck, Mojo, Delta, Juke Joint, Hoodoo, Boogie",
      "nick": "Mojo, Slim, Boogie, Juke, Hoodoo, Delta, Bluesman, Howlin'",
      "band": """
      Blues Band, Delta Kings, Bluesmen, Blues Revue, Juke Joint Five, Boogie Hounds, Mojo Hands, Blues Express
      """,
    ])

  static let hipHop = GenreVocabulary(
    markers: "mc lil' rap rhyme rhymes flow cypher mic hip-hop rappers beatbox b-boys emcee",
    forms: [
      "MC {surname}", "Lil' {first}", "Lil' {thing}", "{thing} {crew}", "{place} {crew}", "{first} {crew}",
      "Emcee {thing}",
      "MC {first} {surname}", "{surname} \"The {title}\" {surname}", "Lil' {first} {surname}",
    ],
    lists: [
      "crew": """
      Rhyme Clan, Flow Syndicate, Cypher Crew, Rap Collective, Mic Society, Rhymes Inc, Hip-Hop Coalition, Beatbox
      Gang
      """,
      "title": "Mic, Flow, Cypher, Beatbox, Emcee, Rhyme",
    ])

  static let soul = GenreVocabulary(
    markers: "soul motown groove funk soulful r&b grooves souls sistas funky",
    forms: [
      "{first} {surname} & the {group}", "The {thing} {group}", "{place} {group}", "{first} \"{nick}\" {surname}",
      "The {surname} {group}",
    ],
    lists: [
      "group": """
      Soul Sisters, Soul Revue, Groove Machine, Funk Brothers, Soul Brothers, Motown Five, Groove Society, Soul
      Choir
      """,
      "nick": "Soul, Funk, Groove, Soulful, Motown, Funky",
    ])

  static let country = GenreVocabulary(
    markers: """
      honky-tonk cowboy cowboys outlaws rodeo nashville tex prairie ranch hillbilly cowgirl cowgirls ramblers
      buckaroos
      """,
    forms: [
      "{first} {surname} & the {band}", "{nick} {surname}", "{nick} {first} {surname}", "The {thing} {band}",
      "{first} \"{nick}\" {surname}", "The {surname} {band}",
    ],
    lists: [
      "band": """
      Honky-Tonk Angels, Prairie Cowboys, Outlaws, Rodeo Riders, Nashville Pickers, Ranch Hands, Cowgirls, Ramblers,
      Buckaroos
      """,
      "nick": "Tex, Cowboy, Cowgirl, Rodeo, Honky-Tonk, Hillbilly",
    ])

  static let folk = GenreVocabulary(
    markers: """
      folk fiddle fiddlers ballads balladeers string-band minstrel minstrels dulcimer troubadour troubadours ceilidh
      banjo
      """,
    forms: [
      "{first} & {first} {surname} {trade}", "{first} {surname}'s {trade}", "The {place} {band}", "The {thing} {band}",
      "{first} {surname}, {one}", "The {surname} Family {trade}",
    ],
    lists: [
      "trade": "Folk, Ballads, Fiddle Band, String-Band, Ceilidh",
      "band": "Fiddlers, Balladeers, Minstrels, Folk Singers, Troubadours, Ceilidh Band, String-Band, Banjo Society",
      "one": "Troubadour, Minstrel, Fiddle, Banjo, Dulcimer",
    ])

  static let reggae = GenreVocabulary(
    markers: "dub reggae roots rasta riddim jah ska irie kingston dancehall rude-boys skank",
    forms: [
      "Jah {first}", "{first} {surname} & the {band}", "The {thing} {band}", "{rank} {surname}", "{place} {band}",
      "{rank} {first} {surname}",
    ],
    lists: [
      "band": """
      Roots Rockers, Dub Station, Riddim Section, Reggae Revival, Ska Ambassadors, Rasta Lions, Irie Vibes,
      Rude-Boys
      """,
      "rank": "Jah, Rasta, King Dub, Irie, Kingston, Dancehall Queen",
    ])

  static let latin = GenreVocabulary(
    markers: "orquesta salsa los conjunto mariachi tango bossa cumbia samba corazón fuego mambo",
    forms: [
      "Orquesta {last}", "Los {group} de {last}", "{name} {last} y su {band}", "Conjunto {last} de {town}",
      "{name} \"{nick}\" {last}", "Mariachi {last} de {town}", "{rhythm} {town}", "{name} y {name} {rhythm}",
      "Los {last} de {town}",
    ],
    lists: [
      "name": """
      José, María, Ramón, Lucía, Joaquín, Inés, Andrés, Beatriz, Héctor, Graciela, César, Rocío, Julián, Paloma, Tomás,
      Concha, Raúl, Esperanza, Adrián, Jimena, João, Conceição, Martín, Elena, Álvaro, Pilar, Óscar, Blanca
      """,
      "last": """
      Aguilar, Alarcón, Barrientos, Benítez, Calderón, Cárdenas, Domínguez, Echeverría, Escobar, Fuentes, Galván,
      Gutiérrez,
      Herrera, Ibáñez, Jaramillo, Lozano, Maldonado, Márquez, Montoya, Morales, Núñez, Ochoa, Ordóñez, Pacheco, Peña,
      Quintana, Ramírez, Rentería, Rivas, Salcedo, Sandoval, Sepúlveda, Solís, Tejada, Urrutia, Valdés, Villanueva,
      Zamora
      """,
      "town": """
      Bogotá, Cali, Caracas, Cartagena, Guadalajara, La Habana, León, Lima, Matanzas, Mérida, Montevideo, Oaxaca, Ponce,
      Quito, Santiago, Santo Domingo, Sevilla, Valparaíso, Veracruz, São Paulo
      """,
      "group": "Hermanos, Amigos, Reyes, Gitanos, Príncipes, Caballeros, Jilgueros, Alegres",
      "band": "Orquesta, Conjunto, Salsa Mayor, Cumbia Brava, Mambo Kings",
      "nick": "Salsa, Corazón, Fuego, Mambo, Tango, Cumbia, Bossa",
      "rhythm": "Salsa, Tango, Cumbia, Samba, Bossa Nova, Mambo",
    ])
}
