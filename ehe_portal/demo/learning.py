"""What children learn at home, by age, in the words of parents: for reports, accounts and what officers saw."""

from typing import Final

BANDS: Final = ((2, "infant"), (6, "junior"), (9, "middle"))
"""The last school year of each age band; those above are `senior`."""


def band(year_group: int) -> str:
    """The age band of a school year."""
    return next((name for last, name in BANDS if year_group <= last), "senior")


SUBJECTS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "infant": {
        "Reading and writing": (
            "{name} knows nearly all the letter sounds now and reads a short book to one of us most mornings. "
            "Favourites are The Tiger Who Came to Tea and anything by Julia Donaldson. Writing is mostly lists, labels "
            "for dens and cards for the family.",
            "We read together every day, in bed and on the bus. {name} has started to sound out words on shop signs and "
            "writes a line or two in a holiday diary, with pictures.",
        ),
        "Numbers": (
            "Counting happens everywhere: stairs, eggs, conkers, change at the shop. {name} can add and take away to "
            "twenty with beans, and is beginning to tell the time.",
            "We use number rods and dice games. {name} has noticed that two fives and five twos are the same, and was "
            "very pleased about it.",
        ),
        "The world around us": (
            "We keep a nature table and a weather chart. In spring we raised tadpoles and let them go; {name} drew "
            "them each week. We planted beans and measured them with string.",
            "We visited the farm museum, the lifeboat station and the library's dinosaur morning. {name} asked the crew "
            "how the boat gets back up the slip, and we built one from blocks at home.",
        ),
        "Friends and play": (
            "{name} goes to a home education group on Tuesdays, swims on Thursdays and plays with cousins most weekends.",
            "We meet four other families at the forest school every Wednesday, whatever the weather.",
        ),
    },
    "junior": {
        "English": (
            "{name} reads for pleasure every day and has finished all the Hiccup books this year. We talk about what we "
            "read at supper. {name} writes a comic with a friend, and we choose spellings from whatever goes wrong in it.",
            "We are working through a poetry anthology and learning one poem a month by heart. {name} wrote to the "
            "council about the broken swing, and got an answer and a new swing.",
        ),
        "Mathematics": (
            "Times tables are secure to 10. We follow a workbook three mornings a week, and use it: scaling recipes, "
            "working out how many rolls of wallpaper, keeping the accounts of the egg stall.",
            "We use an online course with short videos. {name} found fractions hard in the autumn, so we stopped and "
            "cooked for a month, and now they make sense.",
        ),
        "Science and nature": (
            "We built a circuit with a buzzer for the bedroom door, grew crystals, and kept a moth trap diary with the "
            "county recorder. {name} has counted 41 species so far.",
            "Our project was the human body. {name} made a model lung from a bottle and balloons, and explained it to "
            "the group better than I could.",
        ),
        "History and geography": (
            "We did the Tudors, because of a ruined abbey near us. {name} drew its plan, baked manchet bread and wrote a "
            "diary of a novice who had to leave.",
            "We are following a river from spring to sea, a stretch each month, with an Ordnance Survey map. {name} "
            "reads grid references with ease now.",
        ),
        "Art, music and sport": (
            "Violin for a year now, and in the county's beginner strings. Painting is a daily thing. Judo twice a week.",
            "{name} sings in the church choir, sews, and is working towards the 400 metre swimming badge.",
        ),
    },
    "middle": {
        "English": (
            "{name} reads two or three books a week, lately Goodnight Mister Tom and everything by Frances Hardinge. We "
            "do a piece of longer writing each fortnight; last term's was a ghost story, redrafted twice.",
            "Writing has been the hardest thing since leaving school. We began by talking into a recorder and typing it "
            "up. {name} now writes reviews of games for a friend's website, and checks them over without being asked.",
        ),
        "Mathematics": (
            "A tutor comes on Mondays for an hour. They have covered ratio, negative numbers and the beginnings of "
            "algebra. {name} does twenty minutes most days between, and keeps a list of what to ask.",
            "We follow a published course, level by level. {name} sat its end-of-unit tests and was above 80% on all but "
            "geometry, which we are doing again with paper and scissors.",
        ),
        "Science": (
            "We share a science day with five other families and a retired teacher: forces, acids and alkalis, cells. "
            "{name} writes up each practical with a drawing, a table and what went wrong.",
            "{name} is mad about astronomy and has logged the moons of Jupiter for eleven weeks. From there we came to "
            "gravity, light and quite a lot of arithmetic.",
        ),
        "Humanities": (
            "We are studying the Second World War through our own town: the war memorial, the museum's letters, and two "
            "neighbours who remember. {name} recorded them both.",
            "{name} chose migration as a topic, interviewed both grandmothers, and drew the family's journeys on one map.",
        ),
        "Languages, arts and sport": (
            "Spanish with an app daily and a native speaker every other week. Drums. Climbing on Fridays, where {name} "
            "now belays.",
            "Welsh at home with me and in songs. {name} is in the youth theatre and stage-managed the summer play.",
        ),
    },
    "senior": {
        "English": (
            "{name} is preparing for IGCSE English Language by distance course, and has had four marked assignments back "
            "(two at grade 6, two at 7). For pleasure: a great deal of fantasy, and lately Orwell.",
            "We are working towards Functional Skills Level 2. Reading is strong. {name} prefers typing, and we are "
            "arranging that for the examination.",
        ),
        "Mathematics": (
            "A tutor for ninety minutes a week and a published course between. {name} is entered for Foundation next "
            "summer as a private candidate at the college in Aldermere.",
            "{name} works alone through an online course and shows me the weekly report. Algebra and probability are "
            "done; trigonometry is next. We do a past paper at the end of each month.",
        ),
        "Science": (
            "Biology and chemistry by distance course, with practicals at a centre twice a year. {name} built a "
            "colorimeter from a kit and tested the stream behind us.",
            "{name} keeps bees with a neighbour and has passed the basic assessment. We use that for biology, record "
            "keeping and a good part of chemistry.",
        ),
        "Work and what comes next": (
            "One day a week at a garage, which wants to offer an apprenticeship. {name} has spoken to the careers "
            "service and is applying for the college's Level 2 course.",
            "{name} hopes to take A levels at the sixth form and has been to its open evening. We have written down which "
            "grades are needed, and by when.",
        ),
        "Interests": (
            "Volunteer at the animal rescue, Explorer Scouts, and a band that has now played in public twice.",
            "Programming: {name} sold a small game this year and keeps its accounts. Runs with the town club on Sundays.",
        ),
    },
}

BOOKS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "infant": (
        ("We're Going on a Bear Hunt", "Michael Rosen"),
        ("The Gruffalo", "Julia Donaldson"),
        ("Owl Babies", "Martin Waddell"),
        ("Dogger", "Shirley Hughes"),
        ("Handa's Surprise", "Eileen Browne"),
        ("Lost and Found", "Oliver Jeffers"),
        ("Funnybones", "Allan Ahlberg"),
        ("Amazing Grace", "Mary Hoffman"),
    ),
    "junior": (
        ("The Iron Man", "Ted Hughes"),
        ("Charlotte's Web", "E. B. White"),
        ("How to Train Your Dragon", "Cressida Cowell"),
        ("The Boy at the Back of the Class", "Onjali Q. Raúf"),
        ("Varjak Paw", "S. F. Said"),
        ("Stig of the Dump", "Clive King"),
        ("Matilda", "Roald Dahl"),
        ("The Explorer", "Katherine Rundell"),
        ("Journey to Jo'burg", "Beverley Naidoo"),
    ),
    "middle": (
        ("Goodnight Mister Tom", "Michelle Magorian"),
        ("A Skinful of Shadows", "Frances Hardinge"),
        ("Northern Lights", "Philip Pullman"),
        ("Holes", "Louis Sachar"),
        ("Skellig", "David Almond"),
        ("Noughts and Crosses", "Malorie Blackman"),
        ("The Hobbit", "J. R. R. Tolkien"),
        ("I Am Malala", "Malala Yousafzai"),
    ),
    "senior": (
        ("Animal Farm", "George Orwell"),
        ("An Inspector Calls", "J. B. Priestley"),
        ("Of Mice and Men", "John Steinbeck"),
        ("Jane Eyre", "Charlotte Brontë"),
        ("Things Fall Apart", "Chinua Achebe"),
        ("Frankenstein", "Mary Shelley"),
        ("The Hate U Give", "Angie Thomas"),
        ("A Brief History of Time", "Stephen Hawking"),
    ),
}

REMARKS: Final = (
    "Read in two days",
    "A bit slow to start, then brilliant",
    "Read aloud together",
    "Sad, but the good kind",
    "Wants the next one",
    "Gave up half way, may try again",
    "We acted out the middle",
    "Laughed all the way through",
    "Lots to talk about",
    "Drew the map of it",
)

WEEKS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "infant": (
        ("Morning", "Stories", "Home education group", "Numbers game", "Swimming", "Letters and painting"),
        ("Midday", "Cooking", "Picnic with friends", "Library", "Lunch at Nan's", "Garden"),
        ("Afternoon", "Walk and nature table", "Park", "Building", "Music and dancing", "Free play"),
    ),
    "junior": (
        ("9:30", "Maths", "Maths", "Forest school", "Maths", "Spelling and poem"),
        ("10:30", "Writing", "Reading", "Forest school", "Science", "Project"),
        ("11:30", "Violin practice", "History", "Forest school", "Experiment", "Project"),
        ("2:00", "Swimming", "Art", "Library", "Friends here", "Baking, market maths"),
    ),
    "middle": (
        ("9:30", "Maths with tutor", "English", "Science day", "English", "Maths"),
        ("11:00", "Spanish", "Maths", "Science day", "Humanities project", "Writing"),
        ("1:30", "Reading", "History", "Science day", "Museum or visit", "Spanish conversation"),
        ("3:00", "Drums", "Coding club", "Walk", "Art", "Climbing"),
    ),
    "senior": (
        ("9:30", "English course", "Maths", "Work placement", "Biology", "English course"),
        ("11:00", "Maths", "Tutor: maths", "Work placement", "Chemistry", "Past paper"),
        ("1:30", "Biology", "Reading", "Work placement", "English", "Marking and plan"),
        ("3:00", "Own project", "Running club", "Work placement", "Own project", "Volunteering"),
    ),
}
"""Each row is a time of day and then Monday to Friday."""
