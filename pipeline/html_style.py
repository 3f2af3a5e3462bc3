"""How a report looks as a web page: the colours are those of the workbook."""

STYLE = """
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 2rem auto;
  max-width: 75rem; padding: 0 1rem; color: #1c1c1c; background: #fff; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
h3 { font-size: 1rem; margin: 0; }
.wide { overflow-x: auto; }
table.form { border-collapse: collapse; background: #fff; }
table.form th, table.form td { border: 1px solid #808080; padding: .2rem .5rem;
  text-align: center; vertical-align: middle; }
table.form th { background: #f2f2f2; font-weight: normal; max-width: 12rem; }
table.form td { font-variant-numeric: tabular-nums; }
td a { color: inherit; }
.repaired { background: #ffe699; } .derived { background: #bdd7ee; }
.disputed { background: #f4b084; } .unreadable { background: #ff9999; }
.human { background: #d9c3ec; } .doubt { background: #fce4d6; outline: 2px solid #c00000;
  outline-offset: -2px; }
.repaired.doubt { background: #ffe699; } .derived.doubt { background: #bdd7ee; }
.disputed.doubt { background: #f4b084; } .unreadable.doubt { background: #ff9999; }
.human.doubt { background: #d9c3ec; }
.key { display: inline-block; padding: 0 .4rem; margin-right: .4rem; }
article { border-top: 1px solid #ccc; padding: .7rem 0; display: flex; gap: 1.2rem;
  flex-wrap: wrap; }
article > div { flex: 1 1 24rem; } article p { margin: .2rem 0; }
article:target { background: #fffbe6; }
img { max-width: 26rem; max-height: 12rem; border: 1px solid #ccc; }
.said, .sum th { color: #555; } code { font-size: .85em; color: #555; }
.sum { border-collapse: collapse; margin: .3rem 0; font-size: .9em; }
.sum th, .sum td { padding: 0 .35rem; text-align: right; font-weight: normal; }
.sum .asked { font-weight: bold; background: #e8e8e8; }
.off { color: #c00000; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; }
.list { border-collapse: collapse; } .list td { padding: .1rem 1rem .1rem 0; vertical-align: top; }
@media print { body { margin: 0; max-width: none; } article { break-inside: avoid; } }
"""
