"""Names as England has them: lists of forenames and surnames by where a family's names come from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Roots:
    """Names that go together. `share` is the weight of such families, `language` that of their letters if not English.

    `adults` are the forenames of mothers and of fathers, which are a generation older.
    """

    share: float
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    mothers: tuple[str, ...]
    fathers: tuple[str, ...]
    surnames: tuple[str, ...]
    language: str = "en"


def words(text: str) -> tuple[str, ...]:
    """A list written as one string; a name of two words has an underscore in it here."""
    return tuple(word.replace("_", " ") for word in text.split())


ENGLISH = Roots(
    share=62,
    girls=words(
        "Olivia Amelia Isla Ava Ivy Freya Lily Florence Mia Willow Rosie Sophia Isabella Grace Daisy Sienna Poppy "
        "Elsie Emily Ella Evelyn Phoebe Evie Charlotte Harper Millie Matilda Maya Sophie Alice Emilia Isabelle Ruby "
        "Luna Maisie Penelope Chloë Zoë Eleanor Hallie Eliza Aurora Orla Imogen Esme Martha Robyn Bonnie Scarlett "
        "Nancy Beatrice Thea Edith Lottie Clara Heidi Molly Holly Erin Summer Jessica Lucy Anna Bella Lola Amber Skye "
        "Abigail Hannah Darcie Lyra Mabel Tabitha Niamh Connie Mary-Anne Ottilie Wren Clementine Juniper Tilly"
    ),
    boys=words(
        "Noah George Oliver Arthur Leo Harry Oscar Archie Henry Theodore Freddie Jack Charlie Theo Alfie Jacob Thomas "
        "Finley Arlo William Lucas Roman Tommy Isaac Teddy Alexander Luca Edward James Joshua Albie Elijah Max Reuben "
        "Mason Sebastian Rory Jude Ethan Daniel Benjamin Louie Jaxon Ralph Frankie Toby Hugo Ezra Bobby Harrison "
        "Stanley Ollie Caleb Gabriel Harvey Dexter Samuel Felix Rupert Logan Riley Sonny Ronnie Jesse Kit Otis Rowan "
        "Wilfred Barnaby Jenson Callum Dylan Kai Fergus Zachary Nathaniel Ellis Blake River Monty Laurie"
    ),
    mothers=words(
        "Sarah Claire Emma Laura Rebecca Gemma Rachel Kelly Victoria Samantha Katie Nicola Lisa Michelle Joanne Amy "
        "Hayley Natalie Helen Louise Charlotte Lucy Stacey Kerry Hannah Jennifer Danielle Zoe Lindsay Alison Tara "
        "Becky Kirsty Jodie Heather Vicky Leanne Donna Abigail Ruth"
    ),
    fathers=words(
        "David Paul Mark Andrew Richard James Matthew Daniel Christopher Lee Stephen Michael Robert Simon Jonathan "
        "Craig Adam Ben Gareth Stuart Darren Neil Ian Peter Tom Wayne Alex Luke Jamie Carl Scott Dean Ryan Ashley "
        "Martin Graham Nick Steven Kevin Phil"
    ),
    surnames=words(
        "Smith Taylor Brown Wilson Johnson Walker Wright Robinson Thompson White Hall Green Wood Harris Martin "
        "Jackson Clarke Turner Hill Cooper Ward Moore King Watson Baker Harrison Morris Young Allen Mitchell Parker "
        "Bennett Cook Shaw Bailey Carter Richardson Cox Marshall Ellis Simpson Chapman Webb Rogers Gray Palmer Mills "
        "Barnes Knight Lloyd Butler Russell Barker Fisher Stevens Jenkins Dixon Fletcher Pearce Hunt Holmes Payne "
        "Reynolds Bishop Fowler Gardner Hart Lane Spencer Page Burton Lawson Rowe Tucker Wheeler Brooks Carr Field "
        "Gibbs Nash Pritchard Sutton Thorne Underhill Vickers Whitlock Yates Ashdown Blackwood Crowther Dunmore "
        "Everett Fairclough Godfrey Hathaway Inskip Jessop Kettlewell Loxley Merriweather Northcott Osgood Penhaligon "
        "Quayle Ramsbottom Satterthwaite Trelawny Upton Verrall Winterbourne Barrington-Hughes Clarke-Owen "
        "Fenwick-Shaw Hope-Jones Marsh-Taylor Parker-Dunn Rose-Bennett Smith-Okafor Wells-Ahmed"
    ),
)

IRISH_AND_SCOTTISH = Roots(
    share=6,
    girls=words("Saoirse Aoife Niamh Ciara Róisín Caoimhe Gráinne Eilidh Iona Mairead Orlaith Clodagh Ailsa Catriona"),
    boys=words("Oisín Fionn Cillian Seán Tadhg Eoin Conor Declan Lachlan Hamish Ruaridh Finlay Angus Cormac"),
    mothers=words("Siobhán Sinéad Deirdre Fiona Morag Maeve Bridget Kirsteen Aisling Nuala"),
    fathers=words("Patrick Brendan Liam Alasdair Ewan Niall Colm Gordon Gerard Kieran"),
    surnames=words(
        "O'Brien O'Connor O'Neill O'Sullivan Doherty Gallagher Murphy Byrne McCarthy McDonagh Ward Connors MacDonald "
        "Campbell Stewart Sutherland Fraser Kerr Buchanan McLeod Fitzgerald Ní_Dhomhnaill"
    ),
)

WELSH = Roots(
    share=3,
    girls=words("Siân Cerys Nia Ffion Mali Eira Carys Angharad Seren Betsan"),
    boys=words("Osian Gethin Iolo Macsen Rhys Ifan Dafydd Tomos Huw Emrys"),
    mothers=words("Bethan Rhian Lowri Eleri Nerys Catrin"),
    fathers=words("Gareth Geraint Aled Ieuan Owain Hywel"),
    surnames=words("Evans Llewellyn ap_Gwilym Griffiths Morgan Prys-Jones Vaughan Bowen Gwynne Parry"),
    language="cy",
)

PAKISTANI_AND_BENGALI = Roots(
    share=5,
    girls=words("Aisha Zainab Maryam Inaya Hafsa Safiya Noor Khadija Fatima Sumaiya Zara Anabia Hooriya"),
    boys=words("Muhammad Ibrahim Yusuf Zayn Ayaan Hamza Bilal Haris Adnan Mohammed-Ali Rayan Tariq Musa"),
    mothers=words("Shabana Nasreen Rukhsana Farzana Nadia Samina Rubina Shazia"),
    fathers=words("Imran Asif Tariq Nadeem Shahid Mohammed Faisal Kamran"),
    surnames=words("Khan Ahmed Hussain Begum Ali Malik Chowdhury Iqbal Rahman Shah Uddin Mahmood Akhtar Raja-Hussain"),
    language="ur",
)

INDIAN = Roots(
    share=2,
    girls=words("Anaya Priya Ananya Diya Meera Riya Tanvi Aaradhya"),
    boys=words("Arjun Rohan Aarav Ishaan Vihaan Kabir Dev Sahil"),
    mothers=words("Sunita Deepa Kavita Anjali Rekha"),
    fathers=words("Rajesh Sanjay Vikram Anil Nitin"),
    surnames=words("Patel Sharma Mistry Desai D'Souza Krishnan Nair Mehta Shah"),
)

PUNJABI = Roots(
    share=2,
    girls=words("Simran Jasleen Kiran Amrit Harleen Gurleen"),
    boys=words("Harjit Gurpreet Jasdeep Arjan Fateh Manveer"),
    mothers=words("Harpreet Manjit Jaspreet Balwinder Kuljit"),
    fathers=words("Sukhdev Kuldeep Balbir Ranjit Parminder"),
    surnames=words("Singh Gill Dhillon Sandhu Bains Sidhu"),
)

POLISH = Roots(
    share=4,
    girls=words("Zofia Małgorzata Hanna Zuzanna Lena Oliwia Daria Ewa Julia Antonina"),
    boys=words("Łukasz Jakub Szymon Filip Antoni Kacper Błażej Oskar Stanisław"),
    mothers=words("Agnieszka Katarzyna Joanna Magdalena Beata Iwona Dorota"),
    fathers=words("Piotr Paweł Tomasz Marek Krzysztof Grzegorz"),
    surnames=words("Kowalski Nowak Wiśniewski Zieliński Wójcik Dąbrowski Szymański Lewandowski Gorski Krawczyk"),
    language="pl",
)

ROMANIAN = Roots(
    share=2,
    girls=words("Ioana Andreea Daria Bianca Ștefania Ilinca"),
    boys=words("Ștefan Andrei Matei Radu Cătălin Luca"),
    mothers=words("Elena Mihaela Alina Roxana"),
    fathers=words("Ion Gheorghe Vasile Mihai"),
    surnames=words("Popescu Ionescu Munteanu Dumitrașcu Văcărescu Stan"),
    language="ro",
)

WEST_AFRICAN = Roots(
    share=4,
    girls=words("Adaeze Chidinma Folasade Temiloluwa Ifeoma Akosua Abena Amara Yewande Esther"),
    boys=words("Chukwuemeka Olúwaṣeun Tobenna Kwame Kofi Kelechi Ayodele Ikenna David Emmanuel"),
    mothers=words("Ngozi Funmilayo Adaobi Comfort Precious Bukola Blessing"),
    fathers=words("Emeka Tunde Olumide Kwabena Samuel Chinedu Isaac"),
    surnames=words("Okafor Adébáyò Nwosu Eze Balogun Mensah Boateng Owusu N'Diaye Adeyemi Osei Okonkwo-Reid"),
)

CARIBBEAN_AND_SOUTHERN_AFRICAN = Roots(
    share=3,
    girls=words("Tiana Renée Shanice Ebony Nyasha Zuri Amelia Chantelle"),
    boys=words("Jermaine Malachi Tendai Tafadzwa Tyrese Isaiah Micah Elijah"),
    mothers=words("Marcia Beverley Sharon Rutendo Yvonne Michelle"),
    fathers=words("Winston Trevor Leroy Delroy Tatenda Clive"),
    surnames=words("Campbell Grant Francis Moyo Ndlovu Chikwanha Baptiste Reid Gordon-Blake"),
)

ARABIC_AND_SOMALI = Roots(
    share=3,
    girls=words("Layla Yasmin Salma Rania Hodan Ayaan Sagal Maha Jana Amira"),
    boys=words("Omar Karim Zakariya Abdirahman Yahya Idris Khalid Suleiman Anas Liban"),
    mothers=words("Hanan Rasha Fadumo Hibo Mona Sahra Dalia"),
    fathers=words("Ahmad Hassan Mahmoud Abdi Walid Mustafa Yousef"),
    surnames=words("Al-Khatib Haddad Farah Warsame El-Sayed Mansour Osman Abdullahi Al-Masri Hersi Nasser"),
    language="ar",
)

CHINESE = Roots(
    share=2,
    girls=words("Mei-Ling Xiaoming Hoi_Ching Jia_Yi Wing_Yan Zi_Xin"),
    boys=words("Wei_Jie Ho_Yin Zi_Hao Chun_Kit Kai_Lok Yu_Chen"),
    mothers=words("Mei Siu_Ling Ka_Yan Xiu_Ying"),
    fathers=words("Wei Chi_Keung Wing_Hong Jianguo"),
    surnames=words("Chan Wong Li Zhang Lau Cheung Chen Ho"),
    language="zh",
)

VIETNAMESE = Roots(
    share=1,
    girls=words("Ngọc_Anh Linh Thảo"),
    boys=words("Minh Đức Quang"),
    mothers=words("Hương Thủy Lan"),
    fathers=words("Tuấn Hùng Phong"),
    surnames=words("Nguyễn Trần Phạm"),
)

PORTUGUESE_AND_SPANISH = Roots(
    share=1,
    girls=words("Inés Lucía Beatriz Júlia"),
    boys=words("José Joaquín Tomé João"),
    mothers=words("Carmen Paula Conceição"),
    fathers=words("Miguel Rui Joaquim"),
    surnames=words("García_López Ferreira Gonçalves Muñoz"),
    language="pt",
)

ROOTS = (
    ENGLISH,
    IRISH_AND_SCOTTISH,
    WELSH,
    PAKISTANI_AND_BENGALI,
    INDIAN,
    PUNJABI,
    POLISH,
    ROMANIAN,
    WEST_AFRICAN,
    CARIBBEAN_AND_SOUTHERN_AFRICAN,
    ARABIC_AND_SOMALI,
    CHINESE,
    VIETNAMESE,
    PORTUGUESE_AND_SPANISH,
)

SHORTENED = {
    "Abigail": "Abi",
    "Alexander": "Alex",
    "Benjamin": "Ben",
    "Charlotte": "Lottie",
    "Chukwuemeka": "Emeka",
    "Eleanor": "Nell",
    "Florence": "Flo",
    "Hoi Ching": "Charlotte",
    "Isabella": "Izzy",
    "Joshua": "Josh",
    "Małgorzata": "Gosia",
    "Matilda": "Tilly",
    "Minh": "Leo",
    "Nathaniel": "Nate",
    "Ngọc Anh": "Annie",
    "Olúwaṣeun": "Seun",
    "Penelope": "Penny",
    "Samuel": "Sam",
    "Temiloluwa": "Temi",
    "Theodore": "Teddy",
    "Thomas": "Tom",
    "William": "Will",
    "Xiaoming": "Mia",
    "Zachary": "Zac",
}
"""What a child whose legal forename is long, or hard for others, may like to be called."""
