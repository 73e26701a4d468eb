"""From a validated operation to a plan, in the order of these modules.

selection   what is selected, by graphql-core's own CollectFields; the switches on which that depends
arguments   root fields and their arguments; the choices on which a plan depends
draft       the plan under construction, and what each request adds to it
memory      values and objects that are made in memory
objects     rows, what they refer to, pages
roots       where reads begin; the finished plan
"""
