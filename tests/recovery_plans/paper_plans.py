"""Very different plans, each with the way it is to be printed: what a sheet of paper must be able to hold.

`PLANS` names them; `build(name)` makes one in the database and gives it with its choices for the print.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from peers.models import Person, User
from recovery_plans.models import Plan

LONGEST = 15_000


@dataclass(frozen=True)
class PaperPlan:
    """One of them: whose it is, what is in it, and how it is printed."""

    fill: Callable
    name: str = "Maya"
    choices: dict = field(default_factory=dict)


def own_plan_of(name):
    """A plan someone started on their own."""
    user = User.objects.welcome(name=name)
    return Plan.start(person=Person.on_their_own(user=user), by=user)


def build(name):
    """The plan with this name, in the database, and the choices it is printed with."""
    text = PLANS[name]
    plan = own_plan_of(text.name)
    text.fill(plan)
    return plan, text.choices


# --- how they are filled ---


def say(plan, section, *lines, language="en", **more):
    for words in lines:
        plan.add_entry(section=section, words=words, language=language, by=plan.owner, **more)


def want(plan, words, *steps, why="", state="", done=0, language="en"):
    """A goal with its steps, the first `done` of them done."""
    goal = plan.add_goal(words=words, why=why, language=language, by=plan.owner)
    goal.plan = plan
    for index, text in enumerate(steps):
        step = goal.add_step(words=text, who="me", language=language, by=plan.owner)
        step.plan = plan
        if index < done:
            step.do(by=plan.owner)
    if state:
        getattr(goal, state)(by=plan.owner)
    return goal


def no_goals(plan):
    say(plan, "vision", "A quiet house, and a reason to get up.")
    say(plan, "strengths", "I keep my word.", "I can fix a bicycle.", "Children trust me.")
    say(plan, "supporters", "Noor", helps="My sister. She calls on Sundays.")
    say(plan, "culture", "We are farmers. We rest in winter.")


def one_goal(plan):
    say(plan, "strengths", "I get up early.")
    want(
        plan,
        "Get my license back",
        "Ask Sam what it costs",
        "Fill in the form",
        why="So that I can see my mother.",
        done=1,
    )


def twelve_goals(plan):
    say(plan, "vision", "Work, a garden, and people at my table.")
    say(plan, "strengths", *[f"Something I am good at, number {index}" for index in range(7)])
    states = ("", "", "reach", "", "rest", "", "", "reach", "", "", "rest", "")
    for index, state in enumerate(states):
        steps = [f"A small thing for want {index}, the {each}. one of them" for each in range(index % 6)]
        want(
            plan, f"Want number {index}, said in a line of words", *steps, why="It is mine." * (index % 3), state=state
        )
    goal = plan.goals.first()
    goal.plan = plan
    goal.go_with(entries=plan.entries.filter(section="strengths")[:3], by=plan.owner)
    say(plan, "values", "Early mornings", "The smell of paint", kind="lifts")
    say(plan, "values", "Waiting rooms", kind="drains")
    say(plan, "values", "Tell me before, not during", "One thing at a time")


def very_long_lines(plan):
    words = "I walk to the water and back, and I say hello to the man with the two dogs. " * 200
    say(plan, "experiences", words[: LONGEST - 8] + "The end.")
    say(plan, "strengths", "W" * 400, "short", "https://example.org/" + "a-very-long-address/" * 40)
    want(plan, words[:2_000], words[:1_500], "short", why=words[:3_000])
    say(plan, "supporters", "Noor", helps=words[:900])


def forty_strengths(plan):
    ends = ("", " and I know when to stop", " when the day is long", "")
    say(plan, "strengths", *[f"I can do thing {index}{ends[index % 4]}." for index in range(40)])
    want(plan, "Teach someone", "Ask Noor")


def arabic(plan):
    say(plan, "vision", "أريد صباحًا هادئًا وعملًا ثابتًا، وأن أكون العمّ الذي يأتي.", language="ar")
    say(plan, "strengths", "الصبر مفتاح الفرج", "أُصلح كل شيء", "أتكلم ثلاث لغات", "أفي بوعدي", language="ar")
    say(plan, "supporters", "حسن", helps="يأخذني يوم الجمعة", language="ar")
    steps = ("أسأل نور عن المواعيد", "أذهب مرة واحدة", "أحكي لسام كيف كان")
    want(plan, "أن أصلي الفجر كل يوم", *steps, why="النهار كله يصبح أحسن", done=1, language="ar")
    want(plan, "Learn to swim", "Ask at the pool", language="en")
    say(plan, "values", "رائحة الخبز", "الصباح الباكر", kind="lifts", language="ar")
    say(plan, "values", "غرف الانتظار", kind="drains", language="ar")
    say(plan, "resilience", "Fajr prayer. Then oven.", "أتنفس وأعد إلى عشرة", language="ar")
    say(plan, "hard_days", "اجلس معي ولا تسأل لماذا.", language="ar")


def chinese(plan):
    say(plan, "vision", "我想要安靜的早晨、穩定的工作，還有坐滿人的飯桌。", language="zh-Hant")
    say(plan, "strengths", "我會煲湯，喝一口就知道是哪個媽媽煲的。", "我說話算話。", language="zh-Hant")
    say(plan, "strengths", "简体中文：每天早上去公园。", "我会修缝纫机。", language="zh-Hans")
    want(
        plan,
        "每天早上慢慢起床",
        "晚上把手機放遠一點",
        "先喝茶再說話",
        why="早上慢，整天都好。",
        done=1,
        language="zh-Hant",
    )
    say(plan, "values", "早晨", "热闹的厨房", kind="lifts", language="zh-Hans")
    say(plan, "culture", "我們從台山來，" * 40, language="zh-Hant")
    say(plan, "hard_days", "陪我坐著，不要問為什麼。", language="zh-Hant")


def vietnamese_and_cyrillic(plan):
    say(plan, "vision", "Tôi muốn buổi sáng thong thả, việc làm ổn định, và Tết ở nhà bà ngoại.", language="vi")
    say(plan, "strengths", "Đừng lo, mọi chuyện rồi sẽ ổn.", "Tôi giữ lời.", language="vi")
    say(plan, "strengths", "Глаза боятся, а руки делают.", "Я говорю на трёх языках.", language="ru")
    say(plan, "strengths", "Ґанок і ґречність: їжа для всіх.", language="uk")
    want(plan, "Đi bơi mỗi tuần một lần", "Hỏi giờ mở cửa", "Đi một lần thử", why="Nước làm tôi yên.", language="vi")
    want(plan, "Выучить ещё одну песню", "Позвонить Ане", language="ru", state="rest")
    say(plan, "experiences", "Đường dài mới biết ngựa hay. " * 20, language="vi")


def rich_in_emoji(plan):
    say(plan, "vision", "🌅🏡🐕 = ❤️")
    say(plan, "strengths", "I draw 😀 ☕ ✓ 🎨", "👩🏽‍🍳 cook", "🇨🇻🇺🇸 two homes", "👍🏾" * 60)
    want(plan, "🏊 every week", "📞 ask the pool", "🚌 try the bus", why="💧 calms me 😌", done=1)
    say(plan, "experiences", "😀🎨🐕☕" * 1_000)


def extra_large(plan):
    say(plan, "vision", "I want slow mornings, steady work, and to be the aunt who shows up.")
    say(plan, "strengths", "I can fix almost anything with a sewing machine.", "I keep my word.")
    say(plan, "supporters", "Lucia", helps="My sister. Rides and real talk.")
    want(
        plan,
        "Have mornings that feel like mine",
        "Put my phone across the room",
        "Coffee first",
        done=1,
        why="Slow is good.",
    )
    want(plan, "Sew for pay again", "Oil my machine", state="rest")
    want(plan, "Get my license back", state="reach")
    say(plan, "values", "Early mornings.", "Loud kitchens.", kind="lifts")
    say(plan, "values", "Being rushed.", kind="drains")
    say(plan, "hard_days", "Sit with me. Do not ask why. Put the radio on low.")


HOSTILE = (
    '</p></body><script>alert(1)</script><img src="http://example.org/x.png">{{ x }}{% y %} &lt; &amp; <b style="x">'
)


def hostile_markup(plan):
    for section in ("vision", "strengths", "culture", "hard_days"):
        say(plan, section, HOSTILE)
    say(plan, "values", HOSTILE, kind="lifts")
    say(plan, "supporters", '"><svg onload=x>', helps="]]><!-- -->")
    want(plan, HOSTILE, HOSTILE, why="\x0b\x1f\ufffe @page{size:1cm} </style>")


def only_a_hard_day(plan):
    say(plan, "hard_days", "Sit with me.", "Put the radio on low.", "Call Noor if I say so.")


def all_reached(plan):
    say(plan, "vision", "I am where I wanted to be. Now I want to stay.")
    say(plan, "strengths", "I finish things.")
    for words in ("Get my license back", "Sleep through", "A room of my own"):
        want(plan, words, "Ask", "Do it", done=2, state="reach")


def spanish(plan):
    say(plan, "vision", "Quiero mañanas tranquilas y ser la tía que llega.", language="es")
    say(plan, "strengths", "Mañana será otro día, ¿verdad?", "Cumplo mi palabra.", "Sé coser.", language="es")
    say(plan, "supporters", "Lucía", helps="Mi hermana. Me lleva en su carro.", language="es")
    want(
        plan,
        "Volver a coser por dinero",
        "Aceitar mi máquina",
        "Hacer un bolso",
        why="Me gusta.",
        done=1,
        language="es",
    )
    say(plan, "values", "Que me avisen antes", language="es")
    say(plan, "values", "Las cocinas con ruido", kind="lifts", language="es")
    say(plan, "needs", "Que alguien me acompañe a la cita.", language="es")


def khmer_burmese_and_hindi(plan):
    say(plan, "vision", "ខ្ញុំចង់បានព្រឹកយឺតៗ និងការងារទៀងទាត់", language="km")
    say(plan, "strengths", "ကျွန်တော် ပြောတတ်သည်", language="my")
    say(plan, "strengths", "मैं अपनी बात रखता हूँ। क्षमा, ज्ञान और श्री।", language="hi")
    want(plan, "ตื่นเช้าและดื่มน้ำ", "ถามหมอ", language="th")
    want(plan, "ඉගෙන ගන්න", "நான் கேட்கிறேன்", language="si")


PLANS = {
    "no goals": PaperPlan(no_goals),
    "one goal": PaperPlan(one_goal, choices={"paper": "a4", "room_to_write": False}),
    "twelve goals": PaperPlan(twelve_goals),
    "twelve goals, large": PaperPlan(twelve_goals, choices={"size": "large"}),
    "very long lines": PaperPlan(
        very_long_lines, name="Wolfeschlegelsteinhausenbergerdorff " * 2, choices={"paper": "a4"}
    ),
    "forty strengths": PaperPlan(forty_strengths, choices={"size": "large", "paper": "a4"}),
    "Arabic": PaperPlan(arabic, name="يوسف"),
    "Chinese": PaperPlan(chinese, name="陳美玲", choices={"paper": "a4"}),
    "Vietnamese and Cyrillic": PaperPlan(vietnamese_and_cyrillic, name="Nguyễn Thị Ánh", choices={"grey": True}),
    "rich in emoji": PaperPlan(rich_in_emoji, name="Ro 🌻", choices={"size": "large"}),
    "extra large, black and white": PaperPlan(extra_large, choices={"size": "extra_large", "grey": True}),
    "hostile markup": PaperPlan(hostile_markup, name='<b>Maya</b> & "co"'),
    "only a hard day": PaperPlan(only_a_hard_day),
    "all goals reached": PaperPlan(all_reached, choices={"grey": True}),
    "Spanish": PaperPlan(spanish, name="Marisol Tavares", choices={"language": "es", "paper": "a4"}),
    "Khmer, Burmese and Hindi": PaperPlan(khmer_burmese_and_hindi, name="សុខា", choices={"size": "large"}),
    "empty": PaperPlan(lambda plan: None, choices={"size": "large"}),
}
