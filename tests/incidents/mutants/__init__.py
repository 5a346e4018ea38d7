"""One file a mutant of the core: a bug that a pilot once had, planted again.

A module ``inc_NNN`` (or ``inc_NNN_word``, if there are several of an incident) says in its
docstring what the bug was: release and commit as in the catalogue of incidents. Its names:

    SCENARIO  the incident's scenario, with the variant in which the mutant flies, if it has any
    PATCHES   what is planted, as tests/flights/mutants.py takes it
    EXPECTED  who must notice -> words that this must say; "expect" stands for the scenario's
              own expectations, everything else is the name of a checker
    ALWAYS    only if the bug shows without the scenario's faults too: why
"""
