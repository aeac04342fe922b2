"""One small row of each format, in invented words."""

import copy
from typing import Any

Row = dict[str, Any]

ROWS: dict[str, Row] = {
    "misstep": {
        "id": "toys-8",
        "subset": "toys",
        "generator": "toy-a",
        "problem": "Ben has 4 marbles and loses 1. How many has he?",
        "steps": ["He loses 1.", "4 - 1 = 2.", "So 2."],
        "final_answer": "2",
        "final_answer_correct": False,
        "label": 1,
        "step_labels": [0, -1, -1],
        "error_type": "calculation",
        "explanation": "4 - 1 is 3.",
        "correction": "4 - 1 = 3.",
        "reference_answer": "3",
        "reference_solution": "4 - 1 = 3",
    },
    "processbench": {
        "id": "toys-7",
        "generator": "model-a",
        "problem": "Ann has 2 marbles and finds 3. How many has she?",
        "steps": ["She finds 3.", "2 + 3 = 6.", "So 6."],
        "final_answer_correct": False,
        "label": 1,
    },
    "prm800k": {
        "labeler": "labeler-1",
        "timestamp": "2023-01-02T03:04:05",
        "generation": None,
        "is_quality_control_question": False,
        "is_initial_screening_question": False,
        "question": {"problem": "What is 2 + 3?", "ground_truth_answer": "5"},
        "label": {
            "steps": [
                {
                    "completions": [
                        {"text": "Add the numbers.", "rating": 0, "flagged": None},
                        {"text": "Guess.", "rating": -1, "flagged": False},
                    ],
                    "human_completion": None,
                    "chosen_completion": 0,
                },
                {
                    "completions": [{"text": "It is 6.", "rating": -1, "flagged": False}],
                    "human_completion": {"text": "It is 5.", "rating": None, "source": "human"},
                    "chosen_completion": None,
                },
            ],
            "total_time": 1000,
            "finish_reason": "solution",
        },
    },
    "math-shepherd": {
        "input": "What is 2 + 3? Step 1: Add. ки\nStep 2: It is 6. The answer is: 6 ки",
        "label": "What is 2 + 3? Step 1: Add. +\nStep 2: It is 6. The answer is: 6 -",
        "task": "TOYS",
    },
    "math-aps": {
        "question": "What is 2 + 3?",
        "final_answer": "5",
        "question_id": 4,
        "reasoning_steps": [
            {"solution_prefix": "What is 2 + 3?", "mc_value": 0.5},
            {"solution_prefix": "What is 2 + 3?\nAdd.", "mc_value": 0.75},
            {"solution_prefix": "What is 2 + 3?\nAdd.\nIt is 5.", "mc_value": 1.0},
            {"solution_prefix": "What is 2 + 3?\nAdd.\nIt is 6.", "mc_value": 0},
            {"solution_prefix": "What is 2 + 3?\nAdd.", "mc_value": 0.25},
        ],
    },
    "mr-ben": {
        "Question_UUID": "q-1",
        "Subject": "toys",
        "Question": "What is 2 + 3?",
        "Options": "A: 5 \nB: 6 ",
        "Ground_Truth_Analysis": "",
        "Ground_Truth_Answer": "B",
        "Ground_Truth_Answer_Modified": "A",
        "Sampled_Model": "model-b",
        "Model_Solution_Steps": [
            "Here is how:",
            "Step 1: Add.",
            "",
            "Step 2: Work it out:",
            "2 + 3 = 6",
            "Step 3: Choose B.",
            "Solution: Choice_B",
        ],
        "Model_Solution_Correctness": "incorrect",
        "Model_Solution_First_Error_Step": "2",
        "Model_Solution_Error_Reason": [" ", "The sum is 5."],
        "Model_Solution_Rectified_First_Error_Step": ["Step 2: 2 + 3 = 5"],
    },
    "mr-gsm8k": {
        "uuid": "u-1",
        "question": "What is 2 + 3?",
        "ground_truth_solution": "2 + 3 = 5",
        "ground_truth_answer": 5,
        "model_output_steps": ["Step 1: Add.", "Step 2: It is 6."],
        "model_output_answer_correctness": "wrong",
        "model_output_solution_correctness": "wrong",
        "model_output_solution_first_error_step": 2,
        "model_output_solution_first_error_reason": "The sum is 5.",
        "question_type": "original",
    },
    "bigbench-mistake": {
        "input": "Sort: pear apple",
        "steps": ["p comes after a.", "So pear apple."],
        "answer": "pear apple",
        "target": "apple pear",
        "mistake_index": 1,
    },
    "prmbench": {
        "idx": "toy_3",
        "classification": "circular",
        "question": "What is 2 + 3?",
        "original_question": "What is 2 + 3?",
        "modified_question": "What is 2 plus 3?",
        "original_process": ["Add.", "It is 5."],
        "modified_process": ["Say it is 5.", "Then it is 5.", "So 5."],
        "modified_steps": [1, 2],
        "error_steps": [2, 1],
        "reason": "It takes for granted what it shows.",
    },
    "deltabench": {
        "id": "d-1",
        "origin": "toys",
        "task_l1": "math",
        "task_l2": "sums",
        "question": "What is 2 + 3?",
        "solution": "2 + 3 = 5",
        "answer": "5",
        "long_cot": "Let me see.\n\nIt is 6.\n\nDone.",
        "sections": [
            {"start": 1, "end": 1, "description": "start", "content": "Let me see."},
            {"start": 2, "end": 2, "description": "sum", "content": "It is 6."},
            {"start": 3, "end": 3, "description": "end", "content": "Done."},
        ],
        "sections_content": "section1: Let me see.",
        "sections_labeled_info": [
            {"section_number": 1, "reasoning_correctness": "0", "explanation": ""},
            {
                "section_number": 2,
                "reasoning_correctness": "1",
                "explanation": "The sum is 5.",
                "correction": "It is 5.",
            },
            {"section_number": 3, "reasoning_correctness": "", "explanation": ""},
        ],
        "reason_unuseful_section_numbers": [1],
        "reason_error_section_numbers": [2],
        "final_correct": 0,
        "error_type": "Calculation Error",
    },
    "versaprm": {
        "domain": "toys",
        "source": "toys_test",
        "question": "What is 2 + 3?",
        "answer": "2 + 3 = 5",
        "chain_of_thoughts": [
            {
                "steps": ["Add.", "Think."],
                "labels": [1, 0],
                "augs": [
                    {"aug_step": "It is 6.", "aug_idx": 2, "aug_type": -1},
                    {"aug_step": "It is 5.", "aug_idx": 1, "aug_type": 1},
                ],
            }
        ],
    },
    "agentprocessbench": {
        "total_index": 3,
        "question": "Who?",
        "data_source": "toy_search",
        "ground_truth": {"target": ["Ann"]},
        "answer_text": "Bob",
        "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "Who found the marble?"},
            {
                "role": "assistant",
                "content": "",
                "tool_calls": [
                    {"function": {"name": "search", "arguments": '{"q": "marble"}'}},
                ],
            },
            {"role": "tool", "name": "search", "content": "Ann found it."},
            {"role": "assistant", "content": "I wonder."},
            {"role": "user", "content": "Go on."},
            {"role": "assistant", "content": "It was Bob."},
        ],
        "step_labels": {"2": 1, "4": 0, "6": -1},
        "final_label": -1,
    },
    "trl-stepwise": {
        "prompt": "What is 2 + 3?",
        "completions": ["Add.", "It is 6."],
        "labels": [True, False],
    },
    "chat": {
        "id": "c-1",
        "model": "model-c",
        "messages": [
            {"role": "user", "content": "What is 2 + 3?"},
            {"role": "assistant", "content": "Add.\n\nIt is 5."},
        ],
    },
    "general": {
        "problem": "What is 2 + 3?",
        "text": "Add.\n\nIt is 5.",
        "source": "a drawer",
    },
}


def row_of(name: str, **changes: Any) -> Row:
    """Return a copy of the format's row with these fields changed."""
    return {**copy.deepcopy(ROWS[name]), **changes}
