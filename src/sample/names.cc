#include "sample/names.h"

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace homeroom::sample {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view kGirlsAnywhere[] = {
    "Abigail",   "Ada",    "Alice",  "Amelia", "Anna",   "Audrey", "Ava",     "Brooke", "Camille",
    "Carly",     "Chloe",  "Clara",  "Cora",   "Daisy",  "Delia",  "Eleanor", "Elise",  "Ella",
    "Emma",      "Esther", "Eva",    "Evelyn", "Fiona",  "Freya",  "Grace",   "Greta",  "Hannah",
    "Harper",    "Hazel",  "Heidi",  "Iris",   "Isla",   "Ivy",    "Jade",    "Josie",  "Julia",
    "June",      "Kate",   "Kira",   "Lena",   "Lila",   "Lucy",   "Mabel",   "Maeve",  "Margot",
    "Mary Kate", "Maya",   "Mia",    "Molly",  "Nadine", "Naomi",  "Nora",    "Olive",  "Paige",
    "Piper",     "Quinn",  "Rachel", "Riley",  "Rose",   "Ruby",   "Ruth",    "Sadie",  "Sarah",
    "Skye",      "Stella", "Tessa",  "Thea",   "Vera",   "Violet", "Willa",   "Zoé",    "Zoe"};
constexpr std::string_view kBoysAnywhere[] = {
    "Aaron", "Adam",    "Alexander", "Andrew",  "Asher",  "August",   "Beau",   "Benjamin",
    "Blake", "Caleb",   "Carter",    "Charlie", "Cole",   "Connor",   "Daniel", "David",
    "Dean",  "Eli",     "Elliot",    "Emmett",  "Ethan",  "Evan",     "Ezra",   "Felix",
    "Finn",  "Gabriel", "Gavin",     "George",  "Grant",  "Graham",   "Henry",  "Hudson",
    "Hugo",  "Ian",     "Isaac",     "Jack",    "Jacob",  "James",    "Jasper", "Joel",
    "Jonah", "Joseph",  "Jude",      "Julian",  "Kai",    "Leo",      "Levi",   "Liam",
    "Logan", "Lucas",   "Marcus",    "Mason",   "Max",    "Micah",    "Miles",  "Nathan",
    "Noah",  "Oliver",  "Oscar",     "Owen",    "Parker", "Peter",    "Reid",   "René",
    "Rowan", "Ryan",    "Samuel",    "Silas",   "Simon",  "Theodore", "Thomas", "Wesley"};

constexpr std::string_view kGirlsHispanic[] = {
    "Adriana",    "Alejandra", "Alma",     "Ana",      "Ana Sofía", "Andrea",
    "Araceli",    "Belén",     "Camila",   "Carolina", "Citlali",   "Daniela",
    "Elena",      "Esmeralda", "Fernanda", "Gabriela", "Inés",      "Isabel",
    "Jimena",     "Lucía",     "Luz",      "Maite",    "Marisol",   "María",
    "María José", "Mariana",   "Noemí",    "Paola",    "Renata",    "Rocío",
    "Sofía",      "Valentina", "Valeria",  "Ximena",   "Yaretzi",   "Yesenia"};
constexpr std::string_view kBoysHispanic[] = {
    "Adrián",  "Alejandro", "Andrés",    "Ángel",   "Carlos",   "César",   "Cristian",   "Diego",
    "Eduardo", "Emiliano",  "Enrique",   "Esteban", "Fernando", "Gael",    "Héctor",     "Iker",
    "Iván",    "Javier",    "Jesús",     "Joaquín", "Jorge",    "José",    "Juan Pablo", "Leonardo",
    "Luis",    "Manuel",    "Mateo",     "Matías",  "Miguel",   "Nicolás", "Rafael",     "Raúl",
    "Rodrigo", "Santiago",  "Sebastián", "Tomás"};
constexpr std::string_view kLastHispanic[] = {
    "Acosta",   "Aguilar",    "Alvarado",  "Arroyo",    "Ávila",      "Barrera",   "Bautista",
    "Cabrera",  "Calderón",   "Campos",    "Cárdenas",  "Castañeda",  "Castillo",  "Cervantes",
    "Chávez",   "Contreras",  "Cordero",   "Cortés",    "De la Cruz", "Delgado",   "Domínguez",
    "Escobar",  "Espinoza",   "Estrada",   "Fuentes",   "Galván",     "García",    "Garza",
    "González", "Guerrero",   "Gutiérrez", "Hernández", "Herrera",    "Ibarra",    "Jiménez",
    "Juárez",   "Lara",       "López",     "Luna",      "Macías",     "Maldonado", "Marín",
    "Márquez",  "Martínez",   "Medina",    "Mejía",     "Méndez",     "Montoya",   "Morales",
    "Muñoz",    "Navarro",    "Núñez",     "Ochoa",     "Olivares",   "Ortiz",     "Pacheco",
    "Padilla",  "Peña",       "Pérez",     "Quintero",  "Ramírez",    "Rangel",    "Reyes",
    "Ríos",     "Robles",     "Rodríguez", "Rosales",   "Salazar",    "Sánchez",   "Sandoval",
    "Solís",    "Tapia",      "Trejo",     "Trujillo",  "Valdez",     "Vargas",    "Vázquez",
    "Velasco",  "Villanueva", "Zavala",    "Zúñiga"};

constexpr std::string_view kGirlsBlack[] = {
    "Aaliyah", "Amara", "Amina", "Aniyah", "Ayana",  "Brianna", "Destiny", "Ebony",
    "Fatou",   "Imani", "Jada",  "Janae",  "Kayla",  "Kennedi", "Kiara",   "Makeda",
    "Monique", "Nia",   "Renée", "Serena", "Simone", "Tamia",   "Tiana",   "Zuri"};
constexpr std::string_view kBoysBlack[] = {
    "Amari",   "André", "Darius", "D'Angelo", "De'Andre", "Desmond", "Elijah",   "Idris",
    "Isaiah",  "Jalen", "Jamal",  "Jaylen",   "Kofi",     "Kwame",   "Langston", "Malik",
    "Marquis", "Omari", "Quincy", "Roderick", "Terrell",  "Tyrese",  "Xavier",   "Zaire"};
constexpr std::string_view kLastBlack[] = {
    "Adeyemi",  "Asante",  "Banks",     "Boateng",    "Bolden",   "Booker",     "Boone",
    "Broadnax", "Coleman", "Diallo",    "Dorsey",     "Ellison",  "Fontenot",   "Gaines",
    "Gaskins",  "Glover",  "Hairston",  "Hightower",  "Holloway", "Ivory",      "Jefferson",
    "Jenkins",  "Lyles",   "Mensah",    "Mosley",     "Okafor",   "Okonkwo",    "Pettway",
    "Randolph", "Rollins", "Sesay",     "Singletary", "Spivey",   "St. Julien", "Tolliver",
    "Traoré",   "Tubbs",   "Underwood", "Whitfield",  "Womack"};

constexpr std::string_view kGirlsAsian[] = {
    "Aiko",  "Amrita", "Anh Thu", "Anjali", "Ayesha", "Bao",     "Chia",  "Divya",
    "Emiko", "Farah",  "Hana",    "Ishani", "Jiwon",  "Kavya",   "Leila", "Linh",
    "Mai",   "Meera",  "Mei",     "Mina",   "Noor",   "Pa Nhia", "Priya", "Quynh",
    "Rina",  "Saanvi", "Soo-ah",  "Thuy",   "Xiu",    "Yasmin",  "Yuna"};
constexpr std::string_view kBoysAsian[] = {
    "Aarav",   "Akira", "Amir",   "Arjun",  "Bilal", "Chue",    "Dinh",  "Duc",
    "Hao",     "Hiro",  "Hyun",   "Imran",  "Jin",   "Karthik", "Kenji", "Khoa",
    "Min-jun", "Minh",  "Nikhil", "Omar",   "Phong", "Rajiv",   "Ravi",  "Rohan",
    "Samir",   "Tou",   "Toua",   "Vikram", "Wei",   "Yusuf",   "Zain"};
constexpr std::string_view kLastAsian[] = {
    "Ahmed",  "Bhatt",  "Bui",    "Chaudhry", "Chen",     "Cho",     "Dang",   "Desai", "Dinh",
    "Fujita", "Ghosh",  "Hassan", "Her",      "Hoang",    "Hussain", "Iyer",   "Kang",  "Kapoor",
    "Khan",   "Kim",    "Kwon",   "Lam",      "Le",       "Lee",     "Lin",    "Liu",   "Lor",
    "Mehta",  "Mori",   "Moua",   "Nair",     "Nakamura", "Ng",      "Nguyen", "Noor",  "Okada",
    "Park",   "Patel",  "Pham",   "Phan",     "Qureshi",  "Rahman",  "Rao",    "Reddy", "Saito",
    "Shah",   "Sharma", "Singh",  "Tanaka",   "Thao",     "Tran",    "Truong", "Vang",  "Vo",
    "Vue",    "Wong",   "Xiong",  "Yamada",   "Yang",     "Zhao"};

constexpr std::string_view kLastAnywhere[] = {
    "Abernathy", "Albrecht",   "Andersen",  "Ashby",      "Bachmann",  "Baird",     "Barlow",
    "Beaumont",  "Becker",     "Bergström", "Björk",      "Blackwood", "Boyle",     "Brandt",
    "Brennan",   "Bristow",    "Calloway",  "Carmichael", "Chapman",   "Côté",      "Crowley",
    "Curran",    "Dalton",     "D'Amico",   "Delacroix",  "Donahue",   "Drummond",  "Dubois",
    "Duffy",     "Eastman",    "Eklund",    "Ellery",     "Engström",  "Fairbanks", "Farrell",
    "Finch",     "Fitzgerald", "Fletcher",  "Fournier",   "Gallagher", "Garrity",   "Gauthier",
    "Gerhardt",  "Goddard",    "Grünwald",  "Hadley",     "Halvorsen", "Harding",   "Hartmann",
    "Hawthorne", "Hensley",    "Hollis",    "Huber",      "Ingram",    "Jansen",    "Jørgensen",
    "Kaufmann",  "Keating",    "Kessler",   "Kincaid",    "Köhler",    "Kowalski",  "Krüger",
    "Lachance",  "Langley",    "Larsen",    "Lemieux",    "Lindqvist", "Lockhart",  "MacLeod",
    "Madigan",   "Maier",      "Marchetti", "McAllister", "McCarthy",  "McKenna",   "Merritt",
    "Mitchell",  "Moreau",     "Müller",    "Nielsen",    "Nilsson",   "Norwood",   "O'Brien",
    "O'Connor",  "O'Donnell",  "Oakley",    "Olsen",      "Osborne",   "Pagano",    "Pelletier",
    "Petersen",  "Pickering",  "Prescott",  "Quigley",    "Rafferty",  "Redmond",   "Renner",
    "Ritter",    "Rossi",      "Rousseau",  "Rutledge",   "Sawyer",    "Schäfer",   "Schmitt",
    "Schröder",  "Seidel",     "Sheridan",  "Sinclair",   "Sorensen",  "Stanton",   "Strand",
    "Sullivan",  "Thornton",   "Thorne",    "Tremblay",   "Tuttle",    "Vance",     "van der Berg",
    "Vogel",     "Wagner",     "Waverly",   "Weber",      "Whitaker",  "Winslow",   "Wójcik",
    "Yates",     "Young",      "Ziegler",   "Zimmerman"};

constexpr std::string_view kLastAmericanIndian[] = {
    "Begay",     "Benally",    "Bird",    "Black Elk",  "Cloud",  "Deschenie",  "Eagle",
    "Lightfoot", "Littlewolf", "Redbird", "Swiftwater", "Tsosie", "Whitehorse", "Yazzie"};
constexpr std::string_view kLastPacificIslander[] = {"Alofa",   "Faleolo", "Fonoti", "Kahale",
                                                     "Kealoha", "Leota",   "Mahoe",  "Pauga",
                                                     "Tuilagi", "Tupou"};

struct Community {
  Names girls;
  Names boys;
  Names last;
};

Community community_of(Race race) {
  switch (race) {
    case Race::kHispanic:
      return {kGirlsHispanic, kBoysHispanic, kLastHispanic};
    case Race::kBlack:
      return {kGirlsBlack, kBoysBlack, kLastBlack};
    case Race::kAsian:
      return {kGirlsAsian, kBoysAsian, kLastAsian};
    case Race::kAmericanIndian:
      return {kGirlsAnywhere, kBoysAnywhere, kLastAmericanIndian};
    case Race::kPacificIslander:
      return {kGirlsAnywhere, kBoysAnywhere, kLastPacificIslander};
    case Race::kWhite:
    case Race::kTwoOrMore:
      break;
  }
  return {kGirlsAnywhere, kBoysAnywhere, kLastAnywhere};
}

std::string draw_first(Random& random, Sex sex, const Community& community) {
  const bool girl = sex == Sex::kFemale || (sex == Sex::kNonbinary && random.chance(5000));
  const bool anywhere = random.chance(4200);
  if (anywhere)
    return std::string(random.pick(girl ? Names(kGirlsAnywhere) : Names(kBoysAnywhere)));
  return std::string(random.pick(girl ? community.girls : community.boys));
}

std::string draw_last(Random& random, const Community& community) {
  constexpr Names kLists[] = {kLastAnywhere, kLastHispanic, kLastBlack, kLastAsian};
  std::string last(random.pick(community.last));
  if (!random.chance(450)) return last;
  const std::string_view other = random.pick(random.pick(kLists));
  if (other != last && other.find(' ') == std::string_view::npos) last.append("-").append(other);
  return last;
}

}  // namespace

Race draw_race(Random& random) {
  struct Share {
    Race race;
    int upto;  // of 100, added up
  };

  constexpr std::array kShares = {
      Share{Race::kWhite, 44},
      Share{Race::kHispanic, 72},
      Share{Race::kBlack, 83},
      Share{Race::kAsian, 92},
      Share{Race::kTwoOrMore, 97},
      Share{Race::kAmericanIndian, 99},
      Share{Race::kPacificIslander, 100},
  };
  const int draw = random.below(100);
  for (const Share& share : kShares) {
    if (draw < share.upto) return share.race;
  }
  return Race::kWhite;
}

PersonName draw_name(Random& random, Sex sex, Race race) {
  constexpr std::string_view kSuffixes[] = {"Jr.", "Jr.", "II", "III"};
  constexpr std::string_view kInitials = "ABCDEFGHJKLMNPRSTVW";
  const Community community = community_of(race);
  PersonName name;
  name.first = draw_first(random, sex, community);
  if (random.chance(4500)) {
    name.middle = draw_first(random, sex, community);
  } else if (random.chance(4000)) {
    name.middle =
        kInitials[static_cast<std::size_t>(random.below(static_cast<int>(kInitials.size())))];
  }
  if (name.middle == name.first) name.middle.clear();
  name.last = draw_last(random, community);
  if (sex == Sex::kMale && random.chance(220)) name.suffix = random.pick(kSuffixes);
  return name;
}

std::string last_first(const PersonName& name) {
  return name.last + ", " + name.first;
}

}  // namespace homeroom::sample
